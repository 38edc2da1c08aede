export type MembershipsStatements = {
  deleteMembership: {
    params: { tenantId: string; userId: string };
    row: { userId: string };
  };
  holdMembership: {
    params: { tenantId: string; userId: string };
    row: {
      role: string;
      disabledAt: Date | null;
      joinedAt: Date;
      permissions: unknown;
      email: string;
      lastLogin: Date | null;
      tenantName: string;
      tenantSlug: string;
      tenantPlan: string;
      tenantCreatedAt: Date;
    };
  };
  insertMembership: {
    params: { userId: string; tenantId: string; role: string };
    row: { userId: string };
  };
  lockMembersWithRole: {
    params: { tenantId: string; role: string };
    row: { userId: string };
  };
  lockMembership: {
    params: { tenantId: string; userId: string };
    row: { userId: string; role: string; disabledAt: Date | null };
  };
  lockOwners: {
    params: { tenantId: string };
    row: { userId: string };
  };
  membershipsOf: {
    params: { userId: string };
    row: {
      tenantId: string;
      tenantName: string;
      tenantSlug: string;
      role: string;
      permissions: unknown;
      disabledAt: Date | null;
      joinedAt: Date;
    };
  };
  updateDisabled: {
    params: { isDisabled: boolean; tenantId: string; userId: string };
    row: Record<never, never>;
  };
  updateRole: {
    params: { role: string; tenantId: string; userId: string };
    row: Record<never, never>;
  };
};
