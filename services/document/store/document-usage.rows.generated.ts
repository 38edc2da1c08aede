export type DocumentUsageStatements = {
  countDocuments: {
    params: { tenantId: string };
    row: { documents: number };
  };
  lockDocumentCount: {
    params: { tenantId: string };
    row: { pg_advisory_xact_lock: unknown };
  };
  readUsage: {
    params: { tenantId: string };
    row: { documents: number; bytes: number };
  };
};
