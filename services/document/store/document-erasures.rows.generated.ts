import type { JsonText } from '@candlefish/kit/db';

export type DocumentErasuresStatements = {
  beginHistory: {
    params: {
      tenantId: string;
      documentId: string;
      update: Uint8Array;
      clientId: number;
      actorKind: string;
      actorId: string;
      userId: string | null;
    };
    row: { seq: number; epoch: number };
  };
  emptyStoredAnswers: {
    params: {
      status: number;
      headers: JsonText;
      result: Uint8Array;
      problem: Uint8Array;
      tenantId: string;
      documentId: string;
    };
    row: Record<never, never>;
  };
  listAnchors: {
    params: { tenantId: string; documentId: string };
    row: { id: string; root: string; start: Uint8Array; end: Uint8Array };
  };
  moveAnchors: {
    params: {
      ids: readonly string[];
      starts: readonly Uint8Array[];
      ends: readonly Uint8Array[];
      quotes: readonly string[];
      tenantId: string;
      documentId: string;
    };
    row: Record<never, never>;
  };
  retireAuthors: {
    params: { tenantId: string; documentId: string; retiredAt: Date; clientIds: readonly number[] };
    row: Record<never, never>;
  };
};
