export type DocumentUndosStatements = {
  findUndo: {
    params: { tenantId: string; documentId: string; epoch: number; sequence: number };
    row: { undoneBy: number };
  };
  insertUndo: {
    params: { tenantId: string; documentId: string; epoch: number; sequence: number; undoneBy: number };
    row: Record<never, never>;
  };
};
