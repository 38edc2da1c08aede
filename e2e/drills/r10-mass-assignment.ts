import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@candlefish/testkit/api-client';
import type { SignedUp } from '@candlefish/testkit/network';
import { isInputObjectType } from 'graphql';
import type { Drill } from './drill.ts';
import { furnish, pathValues } from './lib/furnish.ts';
import { readGraph } from './lib/graph.ts';
import { type ApiOperation, pathOf, readApi } from './lib/openapi.ts';
import { Tally } from './lib/tally.ts';

/** What a caller would like to decide and may not, unless the operation says so. */
const COVETED: Readonly<Record<string, unknown>> = {
  id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  role: 'owner',
  tenantId: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  tenant_id: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  createdBy: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  created_by: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  createdAt: '2000-01-01T00:00:00Z',
  userId: '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234',
  version: '99',
  revision: 99,
  plan: 'enterprise',
  passwordHash: 'x',
  isAdmin: true,
  permissions: ['*'],
};

/** R10: fields that callers add to take what is not theirs to give. */
export const r10: Drill = {
  id: 'R10',
  what: 'role, tenant_id, id, created_by, version and their like are refused where the operation does not take them',
  async run({ network }) {
    const { api, signUp } = await network();
    const owner = await signUp();
    const furnished = await furnish(owner);
    const tally = new Tally();
    const document = await readApi(api);
    const writing = document.operations.filter((operation) => operation.body !== null);
    for (const operation of writing) {
      const schema = document.resolve(operation.body ?? {});
      const declared = Object.keys((schema['properties'] ?? {}) as object);
      const path = pathOf(operation, pathValues(operation.path, furnished.ids));
      const coveted = Object.entries(COVETED).filter(([name]) => !declared.includes(name));
      const tries = coveted.map(async ([name, value]) => {
        const answer = await write(owner.api, operation, path, { ...(operation.bodyExample as object), [name]: value });
        const code = (answer.body as { code?: string }).code;
        tally.check(
          answer.status === 400 && code === 'VALIDATION_FAILED',
          `${operation.id} with ${name}: ${answer.status} ${code}`,
        );
      });
      await Promise.all(tries);
      const polluted = JSON.stringify(operation.bodyExample ?? {})
        .replace(/^\{/, '{"__proto__":{"role":"owner"},')
        .replace(/,\}$/, '}');
      const answer = await write(owner.api, operation, path, polluted);
      tally.check(answer.status === 400, `${operation.id} with __proto__: ${answer.status}`);
    }
    await tryInputs(owner.api, tally);
    await tryRoles(api, owner, tally);
    return tally.verdict(`${tally.tries} tries on ${writing.length} operations and the GraphQL inputs, all refused`);
  },
};

const write = (api: ApiClient, { method }: ApiOperation, path: string, body: unknown) => api.send(method, path, body);

async function tryInputs(api: ApiClient, tally: Tally): Promise<void> {
  const schema = await readGraph(api);
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    for (const arg of field.args) {
      const type = schema.getType(String(arg.type).replaceAll(/[[\]!]/g, ''));
      if (!isInputObjectType(type)) continue;
      const coveted = Object.entries(COVETED).filter(([name]) => !(name in type.getFields()));
      const query = `mutation ($value: ${String(arg.type)}) { ${field.name}(${arg.name}: $value){ __typename } }`;
      const tries = coveted.map(async ([name, value]) => {
        const { data, errors } = await api.graphql(query, { value: { [name]: value } });
        tally.check(data === null && errors.length > 0, `${field.name}(${arg.name}: {${name}}) was taken`);
      });
      await Promise.all(tries);
    }
  }
}

/** Where a role may be given, nobody gives one above their own. */
async function tryRoles(api: ApiClient, owner: SignedUp, tally: Tally): Promise<void> {
  const password = 'violet tractor sonnet';
  const tryRole = async (role: string): Promise<void> => {
    const email = `${role}.${randomUUID()}@example.test`;
    const added = await owner.api.post('/api/v1/users', { email, role, password });
    const { id } = added.body as { id: string };
    const login = await api.post('/api/v1/auth/login', { email, password });
    const own = api.as((login.body as { token: string }).token);
    const tries = [
      ['make oneself owner', await own.patch(`/api/v1/users/${id}`, { role: 'owner' })],
      ['take over the owner', await own.patch(`/api/v1/users/${owner.userId}`, { role: 'viewer' })],
      ['add an owner', await own.post('/api/v1/users', { email: `x.${email}`, role: 'owner', password })],
    ] as const;
    for (const [what, { status }] of tries)
      tally.check(status >= 400 && status < 500, `a ${role} may ${what}: ${status}`);
    if (role !== 'admin') {
      // An admin may do what an owner may, save for owners themselves.
      const { status } = await own.post('/api/v1/roles', { name: `all-${role}`, permissions: ['*'] });
      tally.check(status === 403, `a ${role} may make a role of everything: ${status}`);
    }
    const kept = (await owner.api.get(`/api/v1/users/${id}`)).body as { role: string };
    tally.check(kept.role === role, `a ${role} became ${kept.role}`);
  };
  await Promise.all(['admin', 'manager', 'staff', 'viewer'].map(tryRole));
}
