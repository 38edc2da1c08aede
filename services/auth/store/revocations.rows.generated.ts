export type RevocationsStatements = {
  deleteExpiredRevocations: {
    params: { limit: number };
    row: Record<never, never>;
  };
  insertRevocations: {
    params: { keptS: number; subjects: readonly string[] };
    row: { subject: string; revokedAt: Date; expiresAt: Date };
  };
};
