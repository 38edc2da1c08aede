import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { graphqlTypes } from '../generators/graphql-types.ts';
import { supergraph } from '../generators/supergraph.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'graphql-generators-'));
});

afterEach(() => rm(root, { recursive: true }));

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

async function service(name: string, sdl: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  const folder = join(root, 'services', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'schema.graphql'), `${LINK}\n${sdl}`);
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
}

const USERS = 'type Query { me: User } type User @key(fields: "id") { id: ID! email: String! }';
const AGENTS = `scalar DateTime
  type Query { agents: [Agent!]! }
  type Agent @key(fields: "id") { id: ID! name: String createdAt: DateTime! owner: User }
  type User @key(fields: "id", resolvable: false) { id: ID! }`;

describe('the supergraph', () => {
  test('joins the subgraphs of all services', async () => {
    await service('auth', USERS);
    await service('nanda', AGENTS);
    await mkdir(join(root, 'services', 'mail'));
    const files = await supergraph.run(root);
    expect(files.map(({ path }) => path)).toEqual([
      'services/graphql/supergraph.graphql',
      'services/graphql/api.generated.graphql',
    ]);
    expect(files[0]?.content).toContain('NANDA @join__graph(name: "nanda"');
    expect(files[1]?.content).toContain('owner: User');
    expect(files[1]?.content).not.toContain('join__');
  });

  test.each([
    [
      'a field of two subgraphs that is not shared',
      'type Query { agents: [Int!]! } type User { email: String! }',
      'INVALID_FIELD_SHARING',
    ],
    [
      'types that disagree',
      'type Query { agents: [Int!]! } type User @key(fields: "id") { id: Int! }',
      'FIELD_TYPE_MISMATCH',
    ],
    [
      'a key that is no field',
      'type Query { agents: [Agent!]! } type Agent @key(fields: "nope") { id: ID! }',
      'KEY_INVALID_FIELDS',
    ],
    [
      'a field that nobody can reach',
      'type Query { agents: [User!]! } type User @key(fields: "id", resolvable: false) { id: ID! rank: Int! }',
      'SATISFIABILITY_ERROR',
    ],
  ])('is refused for %s', async (_name, sdl, code) => {
    await service('auth', USERS);
    await service('nanda', sdl);
    await expect(supergraph.run(root)).rejects.toThrow(code);
  });
});

describe('resolver types', () => {
  test('know what a mapper holds, the context and the kinds of values', async () => {
    await service('nanda', AGENTS, {
      'graphql-mappers.ts': "import type { Row } from './store/agents.ts';\n\nexport type AgentMapper = Row;\n",
    });
    const [file] = await graphqlTypes.run(root);
    expect(file?.path).toBe('services/nanda/schema.generated.ts');
    expect(file?.content).toContain("import type { AgentMapper } from './graphql-mappers.ts';");
    expect(file?.content).toContain("import type { NandaCtx } from './ctx.ts';");
    expect(file?.content).toContain('Agent: ResolverTypeWrapper<AgentMapper>;');
    expect(file?.content).toContain('DateTime: { input: Date; output: Date; }');
    expect(file?.content).toContain('__resolveReference?:');
    expect(file?.content).toContain('export type Resolvers = CompleteResolvers<AnyResolvers, ResolversParentTypes>;');
  });

  test('are the same on every run', async () => {
    await service('nanda', AGENTS);
    expect(await graphqlTypes.run(root)).toEqual(await graphqlTypes.run(root));
  });
});
