export type DocumentMembersStatements = {
  countMembers: {
    params: { tenantId: string; documentId: string };
    row: { count: number };
  };
  findMembers: {
    params: { tenantId: string; documentId: string; ids: readonly string[] };
    row: {
      id: string;
      documentId: string;
      userId: string | null;
      apiKeyId: string | null;
      level: string;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  listMemberPeople: {
    params: { tenantId: string; documentId: string };
    row: { userId: string };
  };
  listMembers: {
    params: { tenantId: string; documentId: string; beforeCreatedAt: Date; beforeId: string; limit: number };
    row: {
      id: string;
      documentId: string;
      userId: string | null;
      apiKeyId: string | null;
      level: string;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  removeMember: {
    params: { tenantId: string; documentId: string; id: string };
    row: { userId: string | null; apiKeyId: string | null };
  };
  setMember: {
    params: { tenantId: string; documentId: string; userId: string | null; apiKeyId: string | null; level: string };
    row: { id: string };
  };
};
