export type CommentsStatements = {
  clearComment: {
    params: { deletedAt: Date; tenantId: string; threadId: string; id: string };
    row: { id: string };
  };
  countComments: {
    params: { tenantId: string; threadId: string };
    row: { count: number };
  };
  deleteLastGaps: {
    params: { tenantId: string; threadId: string };
    row: Record<never, never>;
  };
  editComment: {
    params: {
      body: string;
      mentions: readonly string[];
      editedAt: Date;
      tenantId: string;
      threadId: string;
      id: string;
    };
    row: Record<never, never>;
  };
  findComment: {
    params: { tenantId: string; threadId: string; id: string };
    row: {
      id: string;
      threadId: string;
      body: string;
      mentions: readonly string[];
      authorKind: string;
      authorId: string;
      userId: string | null;
      editedAt: Date | null;
      deletedAt: Date | null;
      createdAt: Date;
    };
  };
  firstComments: {
    params: { threadIds: readonly string[]; tenantId: string; limit: number };
    row: {
      id: string;
      threadId: string;
      body: string;
      mentions: readonly string[];
      authorKind: string;
      authorId: string;
      userId: string | null;
      editedAt: Date | null;
      deletedAt: Date | null;
      createdAt: Date;
    };
  };
  insertComment: {
    params: {
      id: string;
      tenantId: string;
      threadId: string;
      body: string;
      mentions: readonly string[];
      authorKind: string;
      authorId: string;
      userId: string | null;
      createdAt: Date;
    };
    row: Record<never, never>;
  };
  listComments: {
    params: { tenantId: string; threadId: string; afterCreatedAt: Date; afterId: string; limit: number };
    row: {
      id: string;
      threadId: string;
      body: string;
      mentions: readonly string[];
      authorKind: string;
      authorId: string;
      userId: string | null;
      editedAt: Date | null;
      deletedAt: Date | null;
      createdAt: Date;
    };
  };
};
