import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeCursor } from '@candlefish/base/page';
import { createOutgoingClient } from '@candlefish/kit/outgoing';
import { nanda } from '@candlefish/nanda';
import { contextAs, createTenant, type TestTenant } from '@candlefish/testkit/actors';
import { type TestHost, testHost } from '@candlefish/testkit/host';
import { testPostgres } from '@candlefish/testkit/postgres';
import type { TestDatabase } from '@candlefish/testkit/test-databases';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NandaCtx } from '../ctx.ts';
import { findAgentVersion, listAgentVersions } from '../operations/agent-versions.ts';
import { findAgent, listAgents } from '../operations/agents.ts';
import { checkAgent, runAgentCheck } from '../operations/check-agent.ts';
import { createAgent } from '../operations/create-agent.ts';
import { deleteAgent } from '../operations/delete-agent.ts';
import { followAgentStatus, toStatusUpdate } from '../operations/follow-agent-status.ts';
import { updateAgent } from '../operations/update-agent.ts';
import { card, facts } from './specs.ts';

let database: TestDatabase;
let host: TestHost;
let ours: TestTenant;
let theirs: TestTenant;

const as = (role: string, tenant: TestTenant = ours, signal?: AbortSignal): NandaCtx =>
  contextAs(host, 'nanda', tenant, role, signal);
const owner = (): NandaCtx => as('owner');

beforeAll(async () => {
  database = await testPostgres().createDatabase();
  host = await testHost(database, [
    {
      ...nanda,
      setup: async ({ events }) => ({
        events,
        outgoing: createOutgoingClient({ allowLoopback: true, userAgent: 'test', timeoutMs: 2_000 }),
      }),
    },
  ]);
});
beforeEach(async () => {
  ours = await createTenant(database);
  theirs = await createTenant(database);
});
afterAll(async () => {
  await host.close();
  await database.drop();
});

const register = (changes: object = {}, ctx = owner()) =>
  createAgent(ctx, { name: 'Estimator', version: '1.0.0', spec: card(), ...changes });

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('registering', () => {
  test('keeps the spec, publishes the version and tells it', async () => {
    const agent = await register({ description: 'Paints.' });
    expect(agent).toMatchObject({ status: 'inactive', revision: 1, createdBy: ours.userId, tenantId: ours.tenantId });
    expect(await findAgent(owner(), agent.id)).toEqual(agent);
    expect(agent.spec).toEqual(card());
    expect((await listAgentVersions(owner(), { agentId: agent.id })).rows).toMatchObject([{ version: '1.0.0' }]);
    expect((await findAgentVersion(owner(), agent.id, '1.0.0')).spec).toEqual(card());
    expect(await eventNames()).toEqual(['nanda.agent.created.v1']);
  });

  test('takes facts as well as cards', async () => {
    expect((await register({ spec: facts() })).specKind).toBe('agent_facts');
  });

  test('refuses a spec of no format, and text that cannot be', async () => {
    await expect(register({ spec: { hello: 1 } })).rejects.toEqual(code('AGENT_SPEC_INVALID'));
    await expect(register({ name: ' ' })).rejects.toEqual(code('VALIDATION_FAILED'));
    await expect(register({ version: 'x'.repeat(51) })).rejects.toEqual(code('VALIDATION_FAILED'));
    await expect(register({ description: 'a\0b' })).rejects.toEqual(code('VALIDATION_FAILED'));
    await expect(register({ status: 'active' })).rejects.toEqual(code('AGENT_STATUS_MOVE'));
    expect((await listAgents(owner(), {})).rows).toEqual([]);
  });
});

describe('who may do what', () => {
  test.each([
    ['staff', 'FORBIDDEN'],
    ['viewer', 'FORBIDDEN'],
  ])('%s may read and not change', async (role, refusal) => {
    const agent = await register();
    expect((await findAgent(as(role), agent.id)).id).toBe(agent.id);
    await expect(register({}, as(role))).rejects.toEqual(code(refusal));
    await expect(updateAgent(as(role), { id: agent.id, name: 'x' })).rejects.toEqual(code(refusal));
    await expect(deleteAgent(as(role), { id: agent.id })).rejects.toEqual(code(refusal));
  });

  test('a manager may change and not delete', async () => {
    const agent = await register({}, as('manager'));
    await expect(deleteAgent(as('manager'), { id: agent.id })).rejects.toEqual(code('FORBIDDEN'));
  });

  test('another tenant finds nothing by any way', async () => {
    const agent = await register();
    const stranger = as('owner', theirs);
    const attempts = [
      () => findAgent(stranger, agent.id),
      () => updateAgent(stranger, { id: agent.id, name: 'Mine' }),
      () => deleteAgent(stranger, { id: agent.id }),
      () => checkAgent(stranger, agent.id),
      () => listAgentVersions(stranger, { agentId: agent.id }),
      () => findAgentVersion(stranger, agent.id, '1.0.0'),
      () => listAgents(stranger, { tenantId: ours.tenantId }),
      async () => followAgentStatus(stranger, { tenantId: ours.tenantId }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toEqual(code('NOT_FOUND'));
    expect((await listAgents(stranger, {})).rows).toEqual([]);
    expect(await findAgent(owner(), agent.id)).toEqual(agent);
  });

  test.each(['x', '', '00000000-0000-4000-8000-000000000000'])('an id that is %j is not found', async (id) => {
    await expect(findAgent(owner(), id)).rejects.toEqual(code('NOT_FOUND'));
    await expect(updateAgent(owner(), { id, name: 'x' })).rejects.toEqual(code('NOT_FOUND'));
    await expect(deleteAgent(owner(), { id })).rejects.toEqual(code('NOT_FOUND'));
  });
});

describe('changing', () => {
  test('counts revisions and refuses an outdated expectation', async () => {
    const agent = await register();
    const changed = await updateAgent(owner(), { id: agent.id, name: 'Better', expectedRevision: 1 });
    expect(changed).toMatchObject({ name: 'Better', revision: 2, spec: card() });
    const late = updateAgent(owner(), { id: agent.id, name: 'Worse', expectedRevision: 1 });
    await expect(late).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', extensions: { revision: 2 } });
    expect((await findAgent(owner(), agent.id)).name).toBe('Better');
  });

  test('to what it is already writes nothing and tells nothing', async () => {
    const agent = await register();
    const same = await updateAgent(owner(), { id: agent.id, name: agent.name, spec: card(), status: 'inactive' });
    expect(same).toEqual(agent);
    expect(await eventNames()).toEqual(['nanda.agent.created.v1']);
  });

  test('a published version is refused, a new one is added, an old one can come back', async () => {
    const agent = await register();
    const next = card({ version: '1.3.0' });
    await expect(updateAgent(owner(), { id: agent.id, spec: next })).rejects.toEqual(code('AGENT_VERSION_TAKEN'));
    await updateAgent(owner(), { id: agent.id, spec: next, version: '1.1.0' });
    expect((await listAgentVersions(owner(), { agentId: agent.id })).rows.map(({ version }) => version)).toEqual([
      '1.1.0',
      '1.0.0',
    ]);
    const back = await updateAgent(owner(), { id: agent.id, spec: card(), version: '1.0.0' });
    expect(back).toMatchObject({ version: '1.0.0', spec: card() });
    expect((await findAgentVersion(owner(), agent.id, '1.1.0')).spec).toEqual(next);
  });

  test('many at once are all counted', async () => {
    const agent = await register();
    await Promise.all(Array.from({ length: 8 }, (_, n) => updateAgent(owner(), { id: agent.id, name: `Name ${n}` })));
    expect((await findAgent(owner(), agent.id)).revision).toBe(9);
  });

  test('follows the status machine and tells each move once', async () => {
    const agent = await register();
    await updateAgent(owner(), { id: agent.id, status: 'active', reason: 'ready' });
    await updateAgent(owner(), { id: agent.id, status: 'revoked' });
    await expect(updateAgent(owner(), { id: agent.id, status: 'active' })).rejects.toMatchObject({
      code: 'AGENT_STATUS_MOVE',
      extensions: { status: 'revoked', allowed: ['retired'] },
    });
    const moves = (await eventNames()).filter((name) => name === 'nanda.agent.status-changed.v1');
    expect(moves).toHaveLength(2);
  });

  test('deletes with its versions, once', async () => {
    const agent = await register();
    await expect(deleteAgent(owner(), { id: agent.id, expectedRevision: 7 })).rejects.toEqual(
      code('PRECONDITION_FAILED'),
    );
    await deleteAgent(owner(), { id: agent.id, expectedRevision: 1 });
    await expect(deleteAgent(owner(), { id: agent.id })).rejects.toEqual(code('NOT_FOUND'));
    await expect(findAgentVersion(owner(), agent.id, '1.0.0')).rejects.toEqual(code('NOT_FOUND'));
    expect(await eventNames()).toEqual(['nanda.agent.created.v1', 'nanda.agent.deleted.v1']);
  });
});

describe('the list', () => {
  test('goes through all agents once, newest first, whatever is added meanwhile', async () => {
    for (let n = 0; n < 7; n += 1) await register({ name: `Agent ${n}` });
    const names: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listAgents>> = await listAgents(owner(), { first: 3, after });
      names.push(...page.rows.map(({ name }) => name));
      after = page.nextCursor;
      await register({ name: 'Late' });
    } while (after !== null);
    expect(names).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `Agent ${n}`));
  });

  test('filters by status, skill and text, with the letters of patterns taken as they are', async () => {
    const active = await register({ name: 'Active one' });
    await updateAgent(owner(), { id: active.id, status: 'active' });
    await register({ name: '100% sure', spec: facts() });
    await register({ name: 'Weather', description: 'Tells the wind_speed.', spec: facts() });
    const names = async (filter: object) => (await listAgents(owner(), { filter })).rows.map(({ name }) => name);
    expect(await names({ status: ['active', 'degraded'] })).toEqual(['Active one']);
    expect(await names({ skill: 'PAINT' })).toEqual(['Active one']);
    expect(await names({ skill: 'plan' })).toEqual(['Weather', '100% sure']);
    expect(await names({ search: 'weath' })).toEqual(['Weather']);
    expect(await names({ search: '100%' })).toEqual(['100% sure']);
    expect(await names({ search: 'd_s' })).toEqual(['Weather']);
    expect(await names({ search: 'wind "tells the"' })).toEqual(['Weather']);
    expect(await names({ search: '\\' })).toEqual([]);
  });

  test.each([
    [{ first: 0 }],
    [{ first: 201 }],
    [{ first: 1.5 }],
    [{ after: 'nonsense' }],
    [{ after: 'WyJhIiwiYiJd' }],
    [{ filter: { search: 'a\0' } }],
  ])('refuses %j', async (request) => {
    await expect(listAgents(owner(), request)).rejects.toEqual(code('VALIDATION_FAILED'));
  });
});

describe('a check', () => {
  let server: Server;
  let published: { status: number; body: string };
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(published.status, { 'content-type': 'application/json' }).end(published.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return () => server.close();
  });

  const cardHere = (changes: object = {}) => {
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/a2a`;
    return card({ supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }], ...changes });
  };

  test('moves an agent to active, to degraded and back, and tells it to who follows', async () => {
    const agent = await register({ spec: cardHere() });
    const leaving = new AbortController();
    const updates = followAgentStatus(as('viewer', ours, leaving.signal), {
      tenantId: ours.tenantId,
      after: encodeCursor([1]),
    });
    const next = async () => {
      const { value } = await updates.next();
      return toStatusUpdate(value);
    };
    const first = next();

    published = { status: 200, body: JSON.stringify(cardHere()) };
    await runAgentCheck(owner(), agent.id);
    expect(asked).toEqual(['/.well-known/agent-card.json']);
    expect(await first).toMatchObject({ previousStatus: 'inactive', status: 'active' });
    expect(await findAgent(owner(), agent.id)).toMatchObject({ status: 'active', lastCheck: { outcome: 'healthy' } });

    published = { status: 200, body: JSON.stringify(cardHere({ version: '9.9.9' })) };
    await runAgentCheck(owner(), agent.id);
    const degraded = await next();
    expect(degraded).toMatchObject({ status: 'degraded', reason: expect.stringContaining('version') });

    published = { status: 200, body: JSON.stringify(cardHere()) };
    await runAgentCheck(owner(), agent.id);
    expect((await next()).status).toBe('active');
    leaving.abort();
    expect(await updates.next()).toMatchObject({ done: true });

    const again = followAgentStatus(as('viewer'), { tenantId: ours.tenantId, after: degraded.cursor });
    const { value } = await again.next();
    expect(toStatusUpdate(value)).toMatchObject({ previousStatus: 'degraded', status: 'active' });
    await again.return?.();
  });

  test.each([
    [{ status: 404, body: '' }, 'unreachable'],
    [{ status: 200, body: 'not json' }, 'invalid'],
    [{ status: 200, body: '{"hello":1}' }, 'invalid'],
  ])('of an agent that answers %j finds it %s', async (answer, outcome) => {
    published = answer;
    const agent = await register({ spec: cardHere() });
    await updateAgent(owner(), { id: agent.id, status: 'active' });
    await runAgentCheck(owner(), agent.id);
    expect(await findAgent(owner(), agent.id)).toMatchObject({ status: 'degraded', lastCheck: { outcome } });
  });

  test('that people overtake leaves their change alone', async () => {
    const agent = await register({ spec: cardHere() });
    published = { status: 200, body: JSON.stringify(cardHere()) };
    const overtaken = createServer(async (_request, response) => {
      await updateAgent(owner(), { id: agent.id, status: 'suspended' });
      response.end(JSON.stringify(cardHere()));
    });
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => overtaken.listen(port, '127.0.0.1', resolve));
    server = overtaken;
    await runAgentCheck(owner(), agent.id);
    expect(await findAgent(owner(), agent.id)).toMatchObject({ status: 'suspended', lastCheck: null });
  });

  test('of an agent that is gone does nothing', async () => {
    await runAgentCheck(owner(), '00000000-0000-4000-8000-000000000000');
    await expect(checkAgent(owner(), '00000000-0000-4000-8000-000000000000')).rejects.toEqual(code('NOT_FOUND'));
  });

  test('that is asked for runs as a job', async () => {
    const agent = await register({ spec: cardHere() });
    published = { status: 200, body: JSON.stringify(cardHere()) };
    expect((await checkAgent(as('staff'), agent.id)).status).toBe('inactive');
    await host.runner.start();
    await expect
      .poll(async () => (await findAgent(owner(), agent.id)).status, { timeout: 10_000, interval: 20 })
      .toBe('active');
  });
});

async function eventNames(): Promise<readonly string[]> {
  const ctx = owner();
  const grant = ctx.authorize('agent:read');
  const events = await ctx.service.events.read(ctx, grant, { after: null, events: [] }, 100);
  return events.map(({ name }) => name);
}
