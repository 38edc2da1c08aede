import type { JsonText } from '@candlefish/kit/db';

export type AgentsStatements = {
  deleteAgent: {
    params: { tenantId: string; id: string };
    row: Record<never, never>;
  };
  findAgent: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  findAgentWithSpec: {
    params: { tenantId: string; id: string };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      spec: unknown;
    };
  };
  findAgents: {
    params: { tenantId: string; ids: readonly string[] };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  findSpecs: {
    params: { tenantId: string; ids: readonly string[] };
    row: { id: string; spec: unknown };
  };
  insertAgent: {
    params: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      spec: JsonText;
      specKind: string;
      summary: JsonText;
      labels: readonly string[];
      status: string;
      createdBy: string | null;
      createdAt: Date;
    };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      spec: unknown;
    };
  };
  listAgents: {
    params: { tenantId: string; beforeCreatedAt: Date; beforeId: string; limit: number };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  lockAgent: {
    params: { spec: JsonText | null; tenantId: string; id: string };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      spec: unknown;
      sameSpec: boolean;
    };
  };
  recordCheck: {
    params: { checkedAt: Date; outcome: string; detail: string; status: string; tenantId: string; id: string };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  searchAgents: {
    params: {
      tenantId: string;
      beforeCreatedAt: Date;
      beforeId: string;
      statuses: readonly string[];
      label: string | null;
      text: string | null;
      pattern: string | null;
      limit: number;
    };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
    };
  };
  updateAgent: {
    params: {
      name: string;
      description: string;
      version: string;
      status: string;
      spec: JsonText | null;
      specKind: string | null;
      summary: JsonText | null;
      labels: readonly string[] | null;
      tenantId: string;
      id: string;
    };
    row: {
      id: string;
      tenantId: string;
      name: string;
      description: string;
      version: string;
      specKind: string;
      summary: unknown;
      status: string;
      revision: number;
      checkedAt: Date | null;
      checkOutcome: string | null;
      checkDetail: string | null;
      createdBy: string | null;
      createdAt: Date;
      updatedAt: Date;
      spec: unknown;
    };
  };
};
