interface VersionRow {
  readonly agentId: string;
  readonly version: string;
  readonly specKind: string;
  readonly summary: unknown;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

export type AgentVersionsStatements = {
  publishAgentVersion: {
    params: {
      readonly createdBy: string | null;
      readonly createdAt: Date;
      readonly tenantId: string;
      readonly agentId: string;
    };
    row: { readonly version: string };
  };
  comparePublishedVersion: {
    params: { readonly tenantId: string; readonly agentId: string };
    row: { readonly same: boolean };
  };
  countAgentVersions: {
    params: { readonly tenantId: string; readonly agentId: string };
    row: { readonly count: number };
  };
  listAgentVersions: {
    params: {
      readonly tenantId: string;
      readonly agentId: string;
      readonly beforeCreatedAt: Date;
      readonly beforeVersion: string;
      readonly limit: number;
    };
    row: VersionRow;
  };
  findAgentVersion: {
    params: { readonly tenantId: string; readonly agentId: string; readonly version: string };
    row: VersionRow & { readonly spec: unknown };
  };
};
