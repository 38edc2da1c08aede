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
  insertEntries: {
    params: {
      tenantId: string;
      ids: readonly string[];
      seqs: readonly number[];
      events: readonly string[];
      payloads: readonly string[];
      actorKinds: readonly string[];
      actorIds: readonly string[];
      userIds: readonly string[];
      requestIds: readonly string[];
      occurredAts: readonly Date[];
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
