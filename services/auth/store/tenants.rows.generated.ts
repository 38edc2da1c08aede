export type TenantsStatements = {
  findTenants: {
    params: { ids: readonly string[] };
    row: { id: string; name: string; slug: string; plan: string; createdAt: Date };
  };
  insertTenant: {
    params: { id: string; name: string; slug: string };
    row: { id: string };
  };
};
