export type CommentThreadsStatements = {
  countThreads: {
    params: { tenantId: string; documentId: string };
    row: { count: number };
  };
  deleteEmptyThread: {
    params: { tenantId: string; id: string };
    row: { id: string };
  };
  deleteThread: {
    params: { tenantId: string; documentId: string; id: string };
    row: { id: string };
  };
  findThread: {
    params: { tenantId: string; documentId: string; id: string };
    row: {
      id: string;
      documentId: string;
      anchorRoot: string | null;
      anchorStart: Uint8Array | null;
      anchorEnd: Uint8Array | null;
      quote: string;
      version: number;
      authorKind: string;
      authorId: string;
      userId: string | null;
      resolvedAt: Date | null;
      resolvedBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      commentCount: number;
    };
  };
  insertThread: {
    params: {
      id: string;
      tenantId: string;
      documentId: string;
      anchorRoot: string | null;
      anchorStart: Uint8Array | null;
      anchorEnd: Uint8Array | null;
      quote: string;
      version: number;
      authorKind: string;
      authorId: string;
      userId: string | null;
    };
    row: Record<never, never>;
  };
  listThreads: {
    params: {
      tenantId: string;
      documentId: string;
      beforeCreatedAt: Date;
      beforeId: string;
      isResolved: boolean | null;
      limit: number;
    };
    row: {
      id: string;
      documentId: string;
      anchorRoot: string | null;
      anchorStart: Uint8Array | null;
      anchorEnd: Uint8Array | null;
      quote: string;
      version: number;
      authorKind: string;
      authorId: string;
      userId: string | null;
      resolvedAt: Date | null;
      resolvedBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      commentCount: number;
    };
  };
  lockThread: {
    params: { tenantId: string; documentId: string; id: string };
    row: { id: string; authorKind: string; authorId: string; userId: string | null; resolvedAt: Date | null };
  };
  setResolved: {
    params: { resolvedAt: Date | null; resolvedBy: string | null; tenantId: string; id: string };
    row: Record<never, never>;
  };
};
