import type { JsonText } from '@candlefish/kit/db';

export type RolesStatements = {
  countRoles: {
    params: { tenantId: string };
    row: { count: number };
  };
  deleteRole: {
    params: { tenantId: string; id: string };
    row: Record<never, never>;
  };
  findRole: {
    params: { tenantId: string; id: string };
    row: { id: string; name: string; description: string; permissions: unknown; createdAt: Date; updatedAt: Date };
  };
  holdRoleByName: {
    params: { tenantId: string; name: string };
    row: { id: string; permissions: unknown };
  };
  insertRole: {
    params: { id: string; tenantId: string; name: string; description: string; permissions: JsonText };
    row: { id: string; name: string; description: string; permissions: unknown; createdAt: Date; updatedAt: Date };
  };
  listRoles: {
    params: { tenantId: string; limit: number };
    row: { id: string; name: string; description: string; permissions: unknown; createdAt: Date; updatedAt: Date };
  };
  lockRole: {
    params: { tenantId: string; id: string };
    row: { id: string; name: string; permissions: unknown };
  };
  updateRolePermissions: {
    params: { description: string | null; permissions: JsonText | null; tenantId: string; id: string };
    row: { id: string; name: string; description: string; permissions: unknown; createdAt: Date; updatedAt: Date };
  };
};
