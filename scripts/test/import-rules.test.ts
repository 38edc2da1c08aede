import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../..');
const PACKAGES = ['fastify', 'ioredis', 'pg', 'typebox', 'yjs'];

/** A small house in which every import is allowed. */
const LAWFUL: Readonly<Record<string, string>> = {
  'packages/base/ids.ts': 'export const id = 1;',
  'packages/kit/db/index.ts': `import 'pg';\nimport '@candlefish/base/ids';\nexport const sql = 1;`,
  'packages/kit/redis/index.ts': `import 'ioredis';\nexport const redis = 1;`,
  'packages/kit/http/index.ts': `import 'fastify';\nimport 'node:http';\nexport const http = 1;`,
  'packages/testkit/index.ts': `import '@candlefish/server';\nexport const network = 1;`,
  'services/shop/domain/price.ts': `import '@candlefish/base/ids';\nexport type Price = number;\nexport const tax = 1;`,
  'services/shop/store/prices.ts': `import '@candlefish/kit/db';\nimport type { Price } from '../domain/price.ts';\nexport const row: Price = 1;`,
  'services/shop/contract.ts': `import 'typebox';\nexport const shop = 1;`,
  'services/shop/policy.ts': 'export const policy = 1;',
  'services/shop/operations/sell.ts': [
    `import '../domain/price.ts';`,
    `import '../store/prices.ts';`,
    `import '../policy.ts';`,
    `import '@candlefish/bank/contract';`,
    'export const sell = 1;',
  ].join('\n'),
  'services/shop/routes.ts': `import './operations/sell.ts';\nimport '@candlefish/kit/http';\nexport const routes = 1;`,
  'services/shop/service.ts': `import './routes.ts';\nexport const service = 1;`,
  'services/bank/contract.ts': 'export const bank = 1;',
  'services/bank/service.ts': 'export const service = 1;',
  'services/document/domain/merge.ts': `import 'yjs';\nexport const merge = 1;`,
  'apps/server/start.ts': `import '@candlefish/shop';\nimport '@candlefish/bank';\nexport const start = 1;`,
  'web/app/main.ts': `import '@candlefish/base/ids';\nexport const main = 1;`,
};

/** One forbidden import for each way of breaking a rule: [rule, file, imports]. */
const BREACHES: readonly (readonly [string, string, string])[] = [
  ['no-circular', 'packages/kit/http/ring-back.ts', './ring.ts'],
  ['not-to-unresolvable', 'packages/kit/http/lost.ts', './nowhere.ts'],
  ['base-imports-nothing', 'packages/base/reads.ts', 'node:fs'],
  ['base-imports-nothing', 'packages/base/npm.ts', 'typebox'],
  ['base-imports-nothing', 'packages/base/kit.ts', '@candlefish/kit/http'],
  ['client-runs-in-browsers', 'packages/client-realtime/disk.ts', 'node:fs'],
  ['client-runs-in-browsers', 'packages/client-realtime/kit.ts', '@candlefish/kit/http'],
  ['client-runs-in-browsers', 'packages/client-realtime/socket.ts', 'ws'],
  ['domain-is-pure', 'services/shop/domain/clock.ts', 'node:timers'],
  ['domain-is-pure', 'services/shop/domain/npm.ts', 'yjs'],
  ['domain-is-pure', 'services/shop/domain/kit.ts', '@candlefish/kit/db'],
  ['domain-is-pure', 'services/shop/domain/up.ts', '../store/prices.ts'],
  ['crdt-domain-is-pure', 'services/document/domain/npm.ts', 'typebox'],
  ['crdt-domain-is-pure', 'services/websocket/domain/other.ts', '../../document/domain/access.ts'],
  ['store-is-sql-only', 'services/shop/store/up.ts', '../operations/sell.ts'],
  ['store-is-sql-only', 'services/shop/store/http.ts', '@candlefish/kit/http'],
  ['store-is-sql-only', 'services/shop/store/npm.ts', 'typebox'],
  ['store-takes-domain-types-only', 'services/shop/store/tax.ts', '../domain/price.ts'],
  ['operations-use-own-parts', 'services/shop/operations/up.ts', '../routes.ts'],
  ['operations-use-own-parts', 'services/shop/operations/other.ts', '../../bank/service.ts'],
  ['operations-know-no-transport', 'services/shop/operations/web.ts', 'fastify'],
  ['operations-know-no-transport', 'services/shop/operations/net.ts', 'node:http'],
  ['operations-know-no-transport', 'services/shop/operations/data.ts', 'pg'],
  ['adapters-only-translate', 'services/shop/resolvers/row.ts', '../store/prices.ts'],
  ['adapters-only-translate', 'services/shop/handlers.ts', './store/prices.ts'],
  ['adapters-only-translate', 'services/shop/sockets.ts', './domain/price.ts'],
  ['declaration-stays-on-top', 'services/shop/operations/knot.ts', '../service.ts'],
  ['services-meet-at-contracts', 'services/shop/operations/reach.ts', '../../document/domain/merge.ts'],
  ['services-meet-at-contracts', 'services/shop/test/reach.test.ts', '../../document/domain/merge.ts'],
  ['only-the-registry-knows-services', 'packages/kit/http/shop.ts', '@candlefish/shop'],
  ['only-the-registry-knows-services', 'scripts/list.ts', '../services/shop/service.ts'],
  ['services-show-declaration-and-contract', 'apps/server/peek.ts', '../../services/shop/store/prices.ts'],
  ['kit-knows-no-service', 'packages/kit/http/contract.ts', '@candlefish/shop/contract'],
  ['kit-knows-no-service', 'packages/kit/http/app.ts', '@candlefish/server'],
  ['nobody-imports-apps', 'services/shop/operations/app.ts', '@candlefish/server'],
  ['product-knows-no-tools', 'apps/server/fake.ts', '@candlefish/testkit'],
  ['product-knows-no-tools', 'packages/kit/http/tool.ts', '../../../scripts/list.ts'],
  ['web-sees-base-and-domain', 'web/app/kit.ts', '@candlefish/kit/http'],
  ['pg-only-in-kit-db', 'packages/kit/http/pool.ts', 'pg'],
  ['pg-only-in-kit-db', 'services/shop/handlers/pool.ts', 'pg'],
  ['ioredis-only-in-kit-redis', 'packages/kit/http/cache.ts', 'ioredis'],
];

const folders: string[] = [];
let lawful: string;
let broken: readonly string[];

beforeAll(async () => {
  lawful = await house(LAWFUL);
  // Half of them in each: the check shows fifty findings and counts the rest.
  const half = Math.ceil(BREACHES.length / 2);
  broken = await Promise.all(
    [BREACHES.slice(0, half), BREACHES.slice(half)].map((breaches) => {
      const planted = Object.fromEntries(breaches.map(([, file, to]) => [file, breach(to)]));
      return house({ ...LAWFUL, 'packages/kit/http/ring.ts': breach('./ring-back.ts'), ...planted });
    }),
  );
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

test('a house that keeps the rules passes, with every file read', async () => {
  const run = await checkImports(lawful);
  expect(run).toEqual({ code: 0, output: expect.stringMatching(/^17 modules, 21 imports\n$/) });
});

test('each planted breach of a rule is found', async () => {
  const runs = await Promise.all(broken.map((root) => checkImports(root)));
  expect(runs.map(({ code }) => code)).toEqual([1, 1]);
  const lines = runs.flatMap(({ output }) => output.split('\n'));
  const missed = BREACHES.filter(([rule, file]) => !lines.some((line) => line.startsWith(`${file}: ${rule}: `)));
  expect(missed).toEqual([]);
});

test('each rule has a planted breach', () => {
  const { forbidden } = createRequire(import.meta.url)(join(repository, '.dependency-cruiser.cjs'));
  const names = forbidden.map((rule: { readonly name: string }) => rule.name).sort();
  expect([...new Set(BREACHES.map(([rule]) => rule))].sort()).toEqual(names);
});

test('reading no TypeScript is a failure, not a success', async () => {
  const hook = join(lawful, 'typescript-7.cjs');
  await writeFile(hook, ANSWER_TYPESCRIPT_7);
  const { code, output } = await checkImports(lawful, ['--require', hook]);
  expect(code).toBe(1);
  expect(output).toContain('packages/base/ids.ts: was not read by the import check');
});

/** Makes the compiler look like version 7, which dependency-cruiser cannot read TypeScript with. */
const ANSWER_TYPESCRIPT_7 = `
const Module = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  return name === 'typescript/package.json' ? { version: '7.0.2' } : load.call(this, name, ...rest);
};
`;

function breach(to: string): string {
  return `import '${to}';\nexport const breach = 1;`;
}

/** Writes a repository with the given files and the package walls of the real one; gives its folder. */
async function house(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'import rules '));
  folders.push(root);
  const all: Record<string, string> = { ...files };
  for (const name of PACKAGES) all[`node_modules/${name}/index.js`] = '';
  all['packages/base/package.json'] = manifest('base', { './*': './*.ts' });
  all['packages/kit/package.json'] = manifest('kit', { './*': './*/index.ts' });
  all['packages/testkit/package.json'] = manifest('testkit', { '.': './index.ts' });
  all['apps/server/package.json'] = manifest('server', { '.': './start.ts' });
  for (const name of ['shop', 'bank']) {
    all[`services/${name}/package.json`] = manifest(name, { '.': './service.ts', './contract': './contract.ts' });
  }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await mkdir(join(root, 'node_modules/@candlefish'), { recursive: true });
  for (const path of Object.keys(all).filter((name) => /^(packages|services|apps)\/[^/]+\/package\.json$/.test(name))) {
    const folder = dirname(path);
    await symlink(`../../${folder}`, join(root, 'node_modules/@candlefish', folder.split('/')[1] ?? ''));
  }
  return root;
}

function manifest(name: string, exports: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name: `@candlefish/${name}`, type: 'module', exports });
}

async function checkImports(root: string, flags: readonly string[] = []) {
  const script = join(repository, 'scripts/import-rules.ts');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, root], { cwd: root });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stderr } = error as { readonly code: number; readonly stderr: string };
    return { code, output: stderr };
  }
}
