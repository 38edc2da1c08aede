export type DocumentHistoryStatements = {
  listNewestUpdates: {
    params: { tenantId: string; documentId: string; upTo: number; rowsMax: number; bytesMax: number };
    row: {
      sequence: number;
      update: Uint8Array;
      clientId: number | null;
      actorKind: string;
      actorId: string;
      userId: string | null;
      origin: string;
      createdAt: Date;
    };
  };
  listSessions: {
    params: {
      updatesMax: number;
      tenantId: string;
      documentId: string;
      gapSeconds: number;
      before: number;
      limit: number;
    };
    row: {
      actorKind: string;
      actorId: string;
      userId: string | null;
      fromSequence: number;
      toSequence: number;
      updates: number;
      bytes: number;
      origins: readonly string[];
      startedAt: Date;
      endedAt: Date;
      undoneBy: number | null;
    };
  };
  listWriters: {
    params: { tenantId: string; documentId: string };
    row: { clientId: number; actorKind: string; actorId: string; userId: string | null; createdAt: Date };
  };
};
