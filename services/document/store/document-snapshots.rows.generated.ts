export type DocumentSnapshotsStatements = {
  deleteSnapshotsBefore: {
    params: { tenantId: string; documentId: string; seq: number };
    row: Record<never, never>;
  };
  insertSnapshot: {
    params: {
      tenantId: string;
      documentId: string;
      seq: number;
      epoch: number;
      state: Uint8Array;
      stateVector: Uint8Array;
      sha256: Uint8Array;
    };
    row: Record<never, never>;
  };
};
