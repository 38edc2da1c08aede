export type LiveUpdatesStatements = {
  appendRows: {
    params: {
      documentIds: readonly string[];
      epochs: readonly number[];
      updates: readonly Uint8Array[];
      actorKinds: readonly string[];
      actorIds: readonly string[];
      userIds: readonly string[];
      tenantId: string;
      authorDocumentIds: readonly string[];
      authorClientIds: readonly number[];
      authorKinds: readonly string[];
      authorIds: readonly string[];
      authorUserIds: readonly string[];
    };
    row: { documentId: string; seq: number };
  };
  findHeads: {
    params: { tenantId: string; documentIds: readonly string[] };
    row: {
      documentId: string;
      seq: number;
      epoch: number;
      snapshotBytes: number;
      bytesSinceSnapshot: number;
      contentType: string;
      contentSchema: unknown;
    };
  };
  readUpdatesOf: {
    params: {
      bytesMax: number;
      documentIds: readonly string[];
      afters: readonly number[];
      tenantId: string;
      rowsMax: number;
    };
    row: { documentId: string; headSeq: number; epoch: number; seq: number | null; update: Uint8Array | null };
  };
};
