import type { JsonText } from '@candlefish/kit/db';

export type EntriesStatements = {
  findEntry: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      seq: number;
      event: string;
      payload: unknown;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
      recordedAt: Date;
    };
  };
  insertEntry: {
    params: {
      id: string;
      tenantId: string;
      seq: number;
      event: string;
      payload: JsonText;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
    };
    row: Record<never, never>;
  };
  listEntries: {
    params: {
      tenantId: string;
      before: number;
      event: string | null;
      actorId: string | null;
      from: Date | null;
      to: Date | null;
      limit: number;
    };
    row: {
      id: string;
      seq: number;
      event: string;
      payload: unknown;
      actorKind: string;
      actorId: string;
      userId: string | null;
      requestId: string;
      occurredAt: Date;
      recordedAt: Date;
    };
  };
};
