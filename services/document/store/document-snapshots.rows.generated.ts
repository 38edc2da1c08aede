export type DocumentSnapshotsStatements = {
  keepSnapshot: {
    params: {
      tenantId: string;
      documentId: string;
      epoch: number;
      snapshotSeq: number;
      seq: number;
      state: Uint8Array;
      stateVector: Uint8Array;
      sha256: Uint8Array;
      bytesBefore: number;
    };
    row: Record<never, never>;
  };
};
