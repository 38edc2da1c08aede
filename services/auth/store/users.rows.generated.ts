export type UsersStatements = {
  findAccount: {
    params: { email: string; address: string };
    row: {
      userId: string;
      tenantId: string;
      passwordHash: string | null;
      openTenantId: string | null;
      isFamiliar: boolean;
    };
  };
  findUsers: {
    params: { tenantId: string; ids: readonly string[] };
    row: {
      id: string;
      email: string;
      role: string;
      disabledAt: Date | null;
      joinedAt: Date;
      lastLogin: Date | null;
    };
  };
  insertUser: {
    params: { id: string; email: string; passwordHash: string; tenantId: string };
    row: Record<never, never>;
  };
  listUsers: {
    params: {
      tenantId: string;
      after: string | null;
      role: string | null;
      email: string | null;
      isDisabled: boolean | null;
      limit: number;
    };
    row: {
      id: string;
      email: string;
      role: string;
      disabledAt: Date | null;
      joinedAt: Date;
      lastLogin: Date | null;
    };
  };
  recordLogin: {
    params: { passwordHash: string | null; id: string; tenantId: string };
    row: Record<never, never>;
  };
  searchUsers: {
    params: {
      tenantId: string;
      text: string;
      ids: readonly string[] | null;
      roles: readonly string[] | null;
      limit: number;
    };
    row: { id: string; email: string };
  };
};
