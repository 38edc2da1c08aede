export type DocumentAuthorsStatements = {
  insertAuthor: {
    params: {
      tenantId: string;
      documentId: string;
      clientId: number;
      actorKind: string;
      actorId: string;
      userId: string;
    };
    row: Record<never, never>;
  };
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
