export type DocumentAuthorsStatements = {
  listAuthors: {
    params: { tenantId: string; documentIds: readonly string[] };
    row: {
      documentId: string;
      clientId: number;
      actorKind: string;
      actorId: string;
      userId: string | null;
      isRetired: boolean;
    };
  };
};
