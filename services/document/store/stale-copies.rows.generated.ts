export type StaleCopiesStatements = {
  deleteStaleCopy: {
    params: { tenantId: string; documentId: string };
    row: Record<never, never>;
  };
  findCopyState: {
    params: { tenantId: string; documentId: string };
    row: { title: string; visibility: string; version: number };
  };
  findStaleCopies: {
    params: { staleSince: Date; limit: number };
    row: { tenantId: string; documentId: string };
  };
};
