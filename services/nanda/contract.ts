import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { defineJob } from '@candlefish/kit/jobs';
import { type TSchema, Type } from 'typebox';
import { AGENT_STATUSES, CHECK_OUTCOMES } from './domain/agent-status.ts';
import { type AgentSummary, SPEC_KINDS } from './domain/agent-summary.ts';

/** Refusals of this service. */
export const nandaErrors = defineErrors({
  agentSpecInvalid: {
    code: 'AGENT_SPEC_INVALID',
    status: 422,
    title: 'The spec is neither a valid AgentCard of A2A 1.0 nor valid AgentFacts.',
  },
  agentStatusMove: {
    code: 'AGENT_STATUS_MOVE',
    status: 409,
    title: 'The agent cannot go from its present status to that one.',
  },
  agentVersionTaken: {
    code: 'AGENT_VERSION_TAKEN',
    status: 409,
    title: 'This version was published with another spec; a changed spec needs a new version.',
  },
  agentVersionsFull: {
    code: 'AGENT_VERSIONS_FULL',
    status: 409,
    title: 'The agent has as many versions as it can have.',
  },
});

const oneOf = <const T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });

/** Where an agent stands. */
export const AgentStatusSchema = oneOf(AGENT_STATUSES, 'Where the agent stands.');
/** Format of a spec. */
export const SpecKindSchema = oneOf(SPEC_KINDS, 'Format of the spec.');
/** What a check found. */
export const CheckOutcomeSchema = oneOf(CHECK_OUTCOMES, 'What the last check found.');

const AgentRef = { agentId: Type.String({ format: 'uuid' }), name: Type.String() };

/** An agent was registered. */
export const agentCreated = defineEvent({
  name: 'nanda.agent.created.v1',
  payload: Type.Object({
    ...AgentRef,
    version: Type.String(),
    specKind: SpecKindSchema,
    status: AgentStatusSchema,
  }),
});

/** Name, description, version or spec of an agent changed. */
export const agentUpdated = defineEvent({
  name: 'nanda.agent.updated.v1',
  payload: Type.Object({
    ...AgentRef,
    version: Type.String(),
    revision: Type.Integer(),
    changed: Type.Array(oneOf(['name', 'description', 'version', 'spec'], 'What changed.')),
  }),
});

/** An agent went from one status to another, by a person or by a check. */
export const agentStatusChanged = defineEvent({
  name: 'nanda.agent.status-changed.v1',
  payload: Type.Object({
    ...AgentRef,
    from: AgentStatusSchema,
    to: AgentStatusSchema,
    reason: Type.Union([Type.String(), Type.Null()]),
  }),
});

/** An agent was deleted with all its versions. */
export const agentDeleted = defineEvent({
  name: 'nanda.agent.deleted.v1',
  payload: Type.Object(AgentRef),
});

/** Fetches what an agent publishes about itself and compares it with what is registered. */
export const checkAgentJob = defineJob({
  name: 'nanda.checkAgent',
  payload: Type.Object({ agentId: Type.String({ format: 'uuid' }) }),
  // An agent that does not answer is a finding and not a failure: only our own trouble is retried.
  attemptsMax: 5,
  timeoutMs: 20_000,
});

const strict = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ format: 'uuid' });
const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601.' });
const Words = Type.Array(Type.String());

/** What both spec formats say, in one form. */
export const AgentSummarySchema = Type.Unsafe<AgentSummary>(
  strict({
    kind: SpecKindSchema,
    provider: nullable(strict({ name: Type.String(), url: Type.String() })),
    skills: Type.Array(strict({ id: Type.String(), name: Type.String(), description: Type.String(), tags: Words })),
    endpoints: Type.Array(
      strict({ url: Type.String(), protocol: Type.String(), protocolVersion: nullable(Type.String()) }),
    ),
    capabilities: strict({ streaming: Type.Boolean(), pushNotifications: Type.Boolean() }),
    inputModes: Words,
    outputModes: Words,
  }),
);

const listed = {
  id: Id,
  tenantId: Id,
  name: Type.String(),
  description: Type.String(),
  version: Type.String(),
  specKind: SpecKindSchema,
  summary: AgentSummarySchema,
  status: AgentStatusSchema,
  revision: Type.Integer({ description: 'Counts changes, from 1; the number in the ETag.' }),
  lastCheck: nullable(strict({ checkedAt: Time, outcome: CheckOutcomeSchema, detail: Type.String() })),
  createdBy: nullable(Id),
  createdAt: Time,
  updatedAt: Time,
};

/** An agent as REST lists show it: everything but the spec. */
export const ListedAgentSchema = strict(listed);

/** An agent as REST shows it. */
export const AgentSchema = strict({ ...listed, spec: Type.Unknown({ description: 'As it was registered.' }) });

const version = {
  agentId: Id,
  version: Type.String(),
  specKind: SpecKindSchema,
  summary: AgentSummarySchema,
  createdBy: nullable(Id),
  createdAt: Time,
};

/** A published version as REST lists show it. */
export const ListedAgentVersionSchema = strict(version);

/** A published version as REST shows it. */
export const AgentVersionSchema = strict({ ...version, spec: Type.Unknown() });
