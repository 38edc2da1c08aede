export type AgentVersionsStatements = {
  comparePublishedVersion: {
    params: { tenantId: string; agentId: string };
    row: { same: boolean };
  };
  countAgentVersions: {
    params: { tenantId: string; agentId: string };
    row: { count: number };
  };
  findAgentVersion: {
    params: { tenantId: string; agentId: string; version: string };
    row: {
      agentId: string;
      version: string;
      specKind: string;
      summary: unknown;
      spec: unknown;
      createdBy: string | null;
      createdAt: Date;
    };
  };
  listAgentVersions: {
    params: { tenantId: string; agentId: string; beforeCreatedAt: Date; beforeVersion: string; limit: number };
    row: {
      agentId: string;
      version: string;
      specKind: string;
      summary: unknown;
      createdBy: string | null;
      createdAt: Date;
    };
  };
  publishAgentVersion: {
    params: { createdBy: string | null; createdAt: Date; tenantId: string; agentId: string };
    row: { version: string };
  };
};
