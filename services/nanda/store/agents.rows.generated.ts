import type { JsonText } from '@candlefish/kit/db';

interface AgentRow {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly specKind: string;
  readonly summary: unknown;
  readonly status: string;
  readonly revision: number;
  readonly checkedAt: Date | null;
  readonly checkOutcome: string | null;
  readonly checkDetail: string | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type AgentsStatements = {
  listAgents: {
    params: {
      readonly tenantId: string;
      readonly beforeCreatedAt: Date;
      readonly beforeId: string;
      readonly statuses: readonly string[];
      readonly label: string | null;
      readonly text: string | null;
      readonly pattern: string | null;
      readonly limit: number;
    };
    row: AgentRow;
  };
  findAgent: { params: { readonly tenantId: string; readonly id: string }; row: AgentRow };
  findAgentWithSpec: {
    params: { readonly tenantId: string; readonly id: string };
    row: AgentRow & { readonly spec: unknown };
  };
  findAgents: { params: { readonly tenantId: string; readonly ids: readonly string[] }; row: AgentRow };
  findSpecs: {
    params: { readonly tenantId: string; readonly ids: readonly string[] };
    row: { readonly id: string; readonly spec: unknown };
  };
  lockAgent: {
    params: { readonly spec: JsonText | null; readonly tenantId: string; readonly id: string };
    row: AgentRow & { readonly spec: unknown; readonly sameSpec: boolean };
  };
  insertAgent: {
    params: {
      readonly id: string;
      readonly tenantId: string;
      readonly name: string;
      readonly description: string;
      readonly version: string;
      readonly spec: JsonText;
      readonly specKind: string;
      readonly summary: JsonText;
      readonly labels: readonly string[];
      readonly status: string;
      readonly createdBy: string | null;
      readonly createdAt: Date;
    };
    row: AgentRow & { readonly spec: unknown };
  };
  updateAgent: {
    params: {
      readonly name: string;
      readonly description: string;
      readonly version: string;
      readonly status: string;
      readonly spec: JsonText | null;
      readonly specKind: string | null;
      readonly summary: JsonText | null;
      readonly labels: readonly string[] | null;
      readonly tenantId: string;
      readonly id: string;
    };
    row: AgentRow & { readonly spec: unknown };
  };
  recordCheck: {
    params: {
      readonly checkedAt: Date;
      readonly outcome: string;
      readonly detail: string;
      readonly status: string;
      readonly tenantId: string;
      readonly id: string;
    };
    row: AgentRow;
  };
  deleteAgent: { params: { readonly tenantId: string; readonly id: string }; row: Record<string, never> };
};
