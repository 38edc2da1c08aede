export type SearchDocumentsStatements = {
  searchDocuments: {
    params: {
      query: string;
      contentType: string | null;
      viewerSeesAll: boolean;
      viewerId: string | null;
      viewerKeyId: string | null;
      hitsMax: number;
      tenantId: string;
      beforeRank: number;
      beforeCreatedAt: Date;
      beforeId: string;
      createdBy: string | null;
      pattern: string | null;
      limit: number;
      words: readonly string[];
    };
    row: {
      id: string;
      tenantId: string;
      title: string;
      contentType: string;
      version: number;
      epoch: number;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      visibility: string;
      userLevel: string | null;
      apiKeyLevel: string | null;
      rank: number;
      stretch: string;
      isCut: boolean;
    };
  };
};
