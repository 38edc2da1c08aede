import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  AgentSchema,
  AgentStatusSchema,
  AgentVersionSchema,
  ListedAgentSchema,
  ListedAgentVersionSchema,
  nandaErrors,
} from './contract.ts';
import type { NandaService } from './ctx.ts';
import { type AgentVersion, findAgentVersion, listAgentVersions } from './operations/agent-versions.ts';
import { type Agent, findAgent, listAgents } from './operations/agents.ts';
import { checkAgent } from './operations/check-agent.ts';
import { createAgent } from './operations/create-agent.ts';
import { deleteAgent } from './operations/delete-agent.ts';
import { updateAgent } from './operations/update-agent.ts';

const route = routesOf<NandaService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const Name = Type.String({ minLength: 1, maxLength: 255 });
const Version = Type.String({ minLength: 1, maxLength: 50 });
const Description = Type.String({ maxLength: 4_000 });
const Spec = Type.Unknown({ description: 'AgentCard of A2A 1.0 or AgentFacts, at most 256 KiB as JSON.' });

/** A spec has its own bound of 256 KiB; escapes and the other members need room above it. */
const BODY_BYTES_MAX = 1024 * 1024;

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const EXAMPLE_CARD = {
  name: 'Paint estimator',
  description: 'Estimates how much paint a house needs.',
  version: '1.2.0',
  supportedInterfaces: [
    { url: 'https://agents.example.com/paint', protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
  ],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['application/json'],
  skills: [
    { id: 'estimate', name: 'Estimate', description: 'Litres of paint for rooms.', tags: ['paint', 'estimate'] },
  ],
};

const agentBody = <A extends Agent>(agent: A) => ({
  ...agent,
  lastCheck: agent.lastCheck && { ...agent.lastCheck, checkedAt: agent.lastCheck.checkedAt.toISOString() },
  createdAt: agent.createdAt.toISOString(),
  updatedAt: agent.updatedAt.toISOString(),
});

const versionBody = <V extends AgentVersion>(version: V) => ({
  ...version,
  createdAt: version.createdAt.toISOString(),
});

/** REST operations of this service. */
export const routes: readonly Route<NandaService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/agents',
    operationId: 'createAgent',
    summary: 'Register an agent',
    description: 'Publishes its first version.',
    access: 'authenticated',
    body: Type.Object({
      name: Name,
      version: Version,
      description: Type.Optional(Description),
      spec: Spec,
      status: Type.Optional(AgentStatusSchema),
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    response: { status: 201, description: 'The agent.', schema: AgentSchema },
    errors: [nandaErrors.agentSpecInvalid, nandaErrors.agentStatusMove],
    example: { body: { name: 'Paint estimator', version: '1.2.0', spec: EXAMPLE_CARD } },
    async handle(ctx, { body }) {
      const agent = await createAgent(ctx, body);
      return { body: agentBody(agent), version: agent.revision, location: `/api/v1/agents/${agent.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/agents',
    operationId: 'listAgents',
    summary: 'List agents',
    description: 'Those of the tenant, newest first.',
    access: 'authenticated',
    query: Type.Object({
      ...PageQuery,
      tenant_id: Type.Optional(Type.String({ format: 'uuid', description: "When given, the caller's own tenant." })),
      status: Type.Optional(Type.Array(AgentStatusSchema, { description: 'Any of these.', maxItems: 7 })),
      skill: Type.Optional(Type.String({ maxLength: 200, description: 'Id or tag of a skill.' })),
      search: Type.Optional(Type.String({ maxLength: 200, description: 'Words or a part of name or description.' })),
    }),
    response: {
      status: 200,
      description: 'A page of agents without their specs.',
      schema: pageSchema(ListedAgentSchema),
    },
    errors: [platformErrors.notFound],
    example: { query: { limit: 20, status: 'active' } },
    async handle(ctx, { query: { tenant_id, limit, cursor, ...filter } }) {
      const page = await listAgents(ctx, { tenantId: tenant_id, first: limit, after: cursor, filter });
      return { body: pageBody(page, limit, agentBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/agents/{id}',
    operationId: 'findAgent',
    summary: 'Get an agent with its spec',
    access: 'authenticated',
    params: Params,
    response: { status: 200, description: 'The agent.', schema: AgentSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      const agent = await findAgent(ctx, params.id);
      return { body: agentBody(agent), version: agent.revision };
    },
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/agents/{id}',
    operationId: 'updateAgent',
    summary: 'Update an agent',
    description:
      'What is left out stays. A changed spec needs a new version. `If-Match` refuses the change when the agent has changed since.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({
      name: Type.Optional(Name),
      version: Type.Optional(Version),
      description: Type.Optional(Description),
      spec: Type.Optional(Spec),
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    response: { status: 200, description: 'The agent as it is now.', schema: AgentSchema },
    errors: [
      platformErrors.notFound,
      platformErrors.preconditionFailed,
      nandaErrors.agentSpecInvalid,
      nandaErrors.agentVersionTaken,
      nandaErrors.agentVersionsFull,
    ],
    example: { params: { id: EXAMPLE_ID }, body: { description: 'Estimates paint and labour.' } },
    async handle(ctx, { params, body, ifMatch }) {
      const agent = await updateAgent(ctx, { ...body, id: params.id, expectedRevision: ifMatch });
      return { body: agentBody(agent), version: agent.revision };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/agents/{id}',
    operationId: 'deleteAgent',
    summary: 'Delete an agent',
    description: 'With all its versions.',
    access: 'authenticated',
    params: Params,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound, platformErrors.preconditionFailed],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params, ifMatch }) {
      await deleteAgent(ctx, { id: params.id, expectedRevision: ifMatch });
      return { body: undefined };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/agents/{id}/status',
    operationId: 'changeAgentStatus',
    summary: 'Change the status of an agent',
    description: 'Only to a status that may follow the present one; `revoked` can only be followed by `retired`.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({
      status: AgentStatusSchema,
      reason: Type.Optional(Type.String({ maxLength: 500, description: 'Told with the change.' })),
    }),
    response: { status: 200, description: 'The agent as it is now.', schema: AgentSchema },
    errors: [platformErrors.notFound, platformErrors.preconditionFailed, nandaErrors.agentStatusMove],
    example: { params: { id: EXAMPLE_ID }, body: { status: 'active' } },
    async handle(ctx, { params, body, ifMatch }) {
      const agent = await updateAgent(ctx, { ...body, id: params.id, expectedRevision: ifMatch });
      return { body: agentBody(agent), version: agent.revision };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/agents/{id}/check',
    operationId: 'checkAgent',
    summary: 'Check an agent',
    description:
      'Asks for a look at what the agent publishes about itself. The finding shows in `lastCheck` and may move the status between active and degraded.',
    access: 'authenticated',
    params: Params,
    response: { status: 202, description: 'The agent as it is before the check.', schema: ListedAgentSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      return { body: agentBody(await checkAgent(ctx, params.id)) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/agents/{id}/versions',
    operationId: 'listAgentVersions',
    summary: 'List the versions of an agent',
    description: 'Published ones, newest first.',
    access: 'authenticated',
    params: Params,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of versions.', schema: pageSchema(ListedAgentVersionSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const page = await listAgentVersions(ctx, { agentId: params.id, first: limit, after: cursor });
      return { body: pageBody(page, limit, versionBody) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/agents/{id}/versions/{version}',
    operationId: 'findAgentVersion',
    summary: 'Get a version of an agent with its spec',
    access: 'authenticated',
    params: Type.Object({ id: Id, version: Version }),
    response: { status: 200, description: 'The version.', schema: AgentVersionSchema },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, version: '1.2.0' } },
    async handle(ctx, { params }) {
      return { body: versionBody(await findAgentVersion(ctx, params.id, params.version)) };
    },
  }),
];
