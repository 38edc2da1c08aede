export type DocumentUpdatesStatements = {
  appendUpdates: {
    params: {
      documentIds: readonly string[];
      updates: readonly Uint8Array[];
      clientIds: readonly number[];
      origins: readonly string[];
      actorKinds: readonly string[];
      actorIds: readonly string[];
      userIds: readonly string[];
      tenantId: string;
      writtenDocumentIds: readonly string[];
      writtenClientIds: readonly number[];
    };
    row: { documentId: string; seq: number; createdAt: Date; isForeign: boolean };
  };
  pruneUpdates: {
    params: { tenantId: string; documentId: string; upTo: number; before: Date; limit: number };
    row: Record<never, never>;
  };
  readState: {
    params: { tenantId: string; documentId: string; rowsMax: number; bytesMax: number };
    row: { kind: number; seq: number; bytes: Uint8Array; headSeq: number };
  };
  readUpdates: {
    params: { after: number; rowsMax: number; bytesMax: number; tenantId: string; documentId: string };
    row: {
      headSeq: number;
      epoch: number;
      seq: number | null;
      update: Uint8Array | null;
      actorKind: string | null;
      actorId: string | null;
      userId: string | null;
      origin: string | null;
      createdAt: Date | null;
    };
  };
};
