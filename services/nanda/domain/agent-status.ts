/** Where an agent stands, spelled alike in the database and in GraphQL. */
export const AGENT_STATUSES = ['draft', 'inactive', 'active', 'degraded', 'suspended', 'revoked', 'retired'] as const;
export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** Statuses an agent can be registered with: those nobody relies on yet. */
export const FIRST_STATUSES = ['draft', 'inactive'] as const satisfies readonly AgentStatus[];

const MOVES: Readonly<Record<AgentStatus, readonly AgentStatus[]>> = {
  draft: ['inactive', 'active', 'retired'],
  inactive: ['draft', 'active', 'suspended', 'revoked', 'retired'],
  active: ['inactive', 'degraded', 'suspended', 'revoked', 'retired'],
  degraded: ['inactive', 'active', 'suspended', 'revoked', 'retired'],
  suspended: ['inactive', 'active', 'revoked', 'retired'],
  // What was revoked is not to be trusted again: it can only be put away.
  revoked: ['retired'],
  retired: [],
};

/** Whether an agent may go from one status to another. To stay is no move. */
export const mayMove = (from: AgentStatus, to: AgentStatus): boolean => MOVES[from].includes(to);

/** Statuses that may follow. */
export const nextStatuses = (from: AgentStatus): readonly AgentStatus[] => MOVES[from];

/** What a look at the agent's own card showed, spelled alike in the database and in GraphQL. */
export const CHECK_OUTCOMES = ['healthy', 'unreachable', 'invalid', 'drifted'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/**
 * The status after a check. A check moves only what is in use: it never wakes a draft nor what people have taken out of
 * use, and an agent that has never answered does not become degraded.
 */
export function statusAfterCheck(status: AgentStatus, outcome: CheckOutcome): AgentStatus {
  const healthy = outcome === 'healthy';
  if (status === 'active' || status === 'degraded') return healthy ? 'active' : 'degraded';
  if (status === 'inactive' && healthy) return 'active';
  return status;
}
