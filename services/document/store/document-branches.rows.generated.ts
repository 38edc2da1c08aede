export type DocumentBranchesStatements = {
  copyAuthors: {
    params: { toId: string; tenantId: string; fromId: string };
    row: Record<never, never>;
  };
  copyMembers: {
    params: { toId: string; tenantId: string; fromId: string };
    row: Record<never, never>;
  };
  findBranches: {
    params: { tenantId: string; ids: readonly string[] };
    row: {
      id: string;
      mainDocumentId: string;
      mainSequence: number;
      mainEpoch: number;
      baseVersionId: string;
      baseStateVector: Uint8Array;
      mergedSequence: number | null;
      mergedAt: Date | null;
      createdAt: Date;
    };
  };
  insertBranch: {
    params: {
      id: string;
      tenantId: string;
      mainDocumentId: string;
      mainSequence: number;
      mainEpoch: number;
      baseVersionId: string;
      baseStateVector: Uint8Array;
      createdAt: Date;
    };
    row: Record<never, never>;
  };
  listBranchIds: {
    params: { tenantId: string; mainDocumentId: string };
    row: { id: string };
  };
  listBranches: {
    params: { tenantId: string; mainDocumentId: string; beforeCreatedAt: Date; beforeId: string; limit: number };
    row: {
      id: string;
      mainDocumentId: string;
      mainSequence: number;
      mainEpoch: number;
      baseVersionId: string;
      baseStateVector: Uint8Array;
      mergedSequence: number | null;
      mergedAt: Date | null;
      createdAt: Date;
    };
  };
  recordMerge: {
    params: {
      mergedSequence: number;
      mergedAt: Date;
      baseVersionId: string;
      baseStateVector: Uint8Array;
      tenantId: string;
      id: string;
    };
    row: Record<never, never>;
  };
};
