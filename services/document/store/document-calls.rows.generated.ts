export type DocumentCallsStatements = {
  deleteCallsBefore: {
    params: { tenantId: string; before: Date; limit: number };
    row: Record<never, never>;
  };
  findCall: {
    params: { tenantId: string; actorId: string; key: string; since: Date };
    row: { requestHash: Uint8Array; version: number; applied: number };
  };
  insertCall: {
    params: {
      tenantId: string;
      actorId: string;
      key: string;
      requestHash: Uint8Array;
      documentId: string;
      version: number;
      applied: number;
    };
    row: { key: string };
  };
};
