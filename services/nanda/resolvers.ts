import { batched } from '@candlefish/kit/graphql';
import { creationKey, toConnection } from '@candlefish/kit/page';
import type { NandaCtx } from './ctx.ts';
import { listAgentVersions, versionKey } from './operations/agent-versions.ts';
import { type Agent, findAgents, findSpecs, listAgents } from './operations/agents.ts';
import { checkAgent } from './operations/check-agent.ts';
import { createAgent } from './operations/create-agent.ts';
import { deleteAgent } from './operations/delete-agent.ts';
import { followAgentStatus, toStatusUpdate } from './operations/follow-agent-status.ts';
import { updateAgent } from './operations/update-agent.ts';
import type { Resolvers } from './schema.generated.ts';

const agentById = batched<NandaCtx, Agent>(findAgents, (agent) => agent.id);
const specById = batched(findSpecs, (row) => row.id);

/** The subgraph of this service. */
export const resolvers = {
  Query: {
    agents: async (_parent, args, ctx) => (await listAgents(ctx, args)).rows,
    agentsConnection: async (_parent, args, ctx) => toConnection(await listAgents(ctx, args), args, creationKey),
    agent: (_parent, { id }, ctx) => agentById(ctx, id),
  },
  Mutation: {
    createAgent: (_parent, { input }, ctx) => createAgent(ctx, input),
    updateAgent: (_parent, { id, input }, ctx) => updateAgent(ctx, { ...input, id }),
    deleteAgent: async (_parent, args, ctx) => {
      await deleteAgent(ctx, args);
      return true;
    },
    checkAgent: (_parent, { id }, ctx) => checkAgent(ctx, id),
  },
  Subscription: {
    agentStatusChanged: {
      subscribe: (_parent, args, ctx) => followAgentStatus(ctx, args),
      resolve: toStatusUpdate,
    },
  },
  Agent: {
    __resolveReference: ({ id }, ctx) => agentById(ctx, id),
    spec: async (agent, _args, ctx) => ('spec' in agent ? agent.spec : (await specById(ctx, agent.id))?.spec),
    versions: async (agent, args, ctx) =>
      toConnection(await listAgentVersions(ctx, { ...args, agentId: agent.id }), args, versionKey),
    createdBy: (agent) => (agent.createdBy === null ? null : { id: agent.createdBy }),
  },
  AgentStatusUpdate: { agent: (update, _args, ctx) => agentById(ctx, update.agentId) },
} satisfies Resolvers;
