import type { AgentVersion } from './operations/agent-versions.ts';
import type { Agent, AgentWithSpec } from './operations/agents.ts';
import type { AgentStatusUpdate } from './operations/follow-agent-status.ts';

/** What resolvers hold for an `Agent`; lists leave the spec to be asked for. */
export type AgentMapper = Agent | AgentWithSpec;
/** What resolvers hold for an `AgentVersion`. */
export type AgentVersionMapper = AgentVersion;
/** What resolvers hold for an `AgentStatusUpdate`. */
export type AgentStatusUpdateMapper = AgentStatusUpdate;
