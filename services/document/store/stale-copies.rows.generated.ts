export type StaleCopiesStatements = {
  deleteFollowedCopy: {
    params: { tenantId: string; documentId: string; seq: number };
    row: Record<never, never>;
  };
  deleteStaleCopy: {
    params: { tenantId: string; documentId: string };
    row: Record<never, never>;
  };
  findCopyState: {
    params: { tenantId: string; documentId: string };
    row: {
      title: string;
      visibility: string;
      version: number;
      contentType: string;
      seq: number;
      epoch: number;
      snapshotSeq: number;
      snapshotBytes: number;
      bytesSinceSnapshot: number;
    };
  };
  findStaleCopies: {
    params: { staleSince: Date; limit: number };
    row: { tenantId: string; documentId: string };
  };
};
