export type DocumentHeadsStatements = {
  holdEpoch: {
    params: { tenantId: string; documentId: string };
    row: { epoch: number };
  };
  insertHead: {
    params: { documentId: string; tenantId: string };
    row: Record<never, never>;
  };
  lockHead: {
    params: { tenantId: string; documentId: string };
    row: {
      documentId: string;
      seq: number;
      epoch: number;
      snapshotSeq: number;
      snapshotBytes: number;
      bytesSinceSnapshot: number;
      contentType: string;
      contentSchema: unknown;
    };
  };
};
