export type StoreStatements = {
  insertRevocations: {
    params: { subjects: readonly string[]; revokedAt: readonly Date[]; expiresAt: readonly Date[] };
    row: Record<never, never>;
  };
  readRevocationBounds: {
    params: Record<never, never>;
    row: { floor: string };
  };
  readRevocations: {
    params: { xact: string; seq: number; limit: number };
    row: { seq: number; xact: string; subject: string; revokedAt: Date; expiresAt: Date };
  };
};
