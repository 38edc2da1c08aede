import type { Terminal } from '@candlefish/server/cli/command';
import { commands } from '@candlefish/server/cli/commands';
import { runCommandLine } from '@candlefish/server/cli/run';
import { type PostgresServer, startPostgresServer } from '@candlefish/testkit/postgres';
import { runCandlefish } from '@candlefish/testkit/processes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, as `main.ts` does. */
async function run(line: string, environment: Readonly<Record<string, string>> = {}): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const terminal: Terminal = {
    out: (text) => {
      said.stdout += `${text}\n`;
    },
    err: (text) => {
      said.stderr += `${text}\n`;
    },
    interactive: false,
  };
  const code = await runCommandLine(line === '' ? [] : line.split(' '), environment, terminal);
  return { code, ...said };
}

describe('every command', () => {
  it.each(commands.map(({ name }) => name))('%s explains itself', async (name) => {
    const { code, stdout, stderr } = await run(`${name} --help`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: candlefish ${name}`);
    expect(stdout).toContain('--json');
  });

  it('is in the overview, which nothing but --help asks for in vain', async () => {
    const [asked, unasked] = [await run('--help'), await run('')];
    expect([asked.code, unasked.code]).toEqual([0, 2]);
    expect(asked.stdout).toBe(unasked.stdout);
    for (const { name, summary } of commands) {
      const line = asked.stdout.split('\n').find((text) => text.trimStart().startsWith(`${name}  `));
      expect(line).toContain(summary);
    }
  });

  it.each(['up --fast', 'up somewhere', 'dead-letters retry', 'serve --port'])(
    'takes no other line: %s',
    async (line) => {
      const { code, stdout, stderr } = await run(line);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('--help');
    },
  );
});

describe('another command', () => {
  it('is refused with the list of commands', async () => {
    const { code, stdout, stderr } = await runCandlefish(['fly', '--high']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('fly');
    for (const { name } of commands) expect(stderr).toContain(name);
  });
});

describe('settings that cannot be used', () => {
  const wrong = {
    PORT: '99999',
    DATABASE_CONNECTIONS: 'many',
    LOG_LEVEL: 'loud',
    SERVICE_URLS: 'auth',
    DATABASE_OWNER_URL: 'mysql://somewhere',
    CANDLEFISH_SECRET: 'short',
    GRAPHQL_DEPTH_MAX: '-1',
  };

  it.each(['up', 'serve --target nanda', 'serve --check', 'config check', 'migrate', 'seed', 'tenancy prove'])(
    'are told all at once by %s, which starts nothing',
    async (line) => {
      const { code, stdout, stderr } = await run(line, wrong);
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
      const ofServices = line.includes('nanda') ? [] : ['GRAPHQL_DEPTH_MAX'];
      const names = Object.keys(wrong).filter((name) => !name.startsWith('GRAPHQL'));
      for (const name of [...names, ...ofServices]) expect(stderr).toContain(name);
      expect(stderr).not.toContain('short\n');
    },
  );

  it('are told together when they are fine one by one', async () => {
    const { code, stderr } = await run('config check', {
      CANDLEFISH_ENV: 'production',
      DATABASE_OWNER_URL: 'postgres://owner@127.0.0.1/x',
      SERVICE_URLS: 'auth=nowhere',
    });
    expect(code).toBe(2);
    for (const name of ['CANDLEFISH_SECRET', 'DATABASE_URL', 'SERVICE_URLS']) expect(stderr).toContain(name);
  });

  it('are told when they would do for tests and not for customers', async () => {
    const weak = { CANDLEFISH_SECRET: 'a secret of thirty-two characters or more', AUTH_PASSWORD_MEMORY_KIB: '19455' };
    expect((await run('config check', { ...weak, CANDLEFISH_ENV: 'test' })).code).toBe(0);
    const { code, stderr } = await run('config check', { ...weak, CANDLEFISH_ENV: 'production', PORT: '99999' });
    expect(code).toBe(2);
    expect(stderr).toContain('AUTH_PASSWORD_MEMORY_KIB 19455 is less than 19456');
    expect(stderr).toContain('PORT');
  });

  it('show no secret when they can be used', async () => {
    const secrets = {
      CANDLEFISH_SECRET: 'a secret of thirty-two characters or more',
      DATABASE_URL: 'postgres://app:hidden@127.0.0.1/x',
      REDIS_URL: 'redis://:hidden@127.0.0.1:6379',
    };
    const { code, stdout } = await run('config check --json', secrets);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/hidden|thirty-two/);
  });
});

describe('a database of its own', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgresServer();
  });
  afterAll(() => postgres.stop());

  it('is migrated, filled and looked at by commands whose JSON parses', async () => {
    await using folder = await temporaryFolder();
    const environment = {
      DATABASE_URL: postgres.superuserUrl,
      CANDLEFISH_DATA: folder.path,
      PORT: '0',
      ADMIN_PORT: '0',
    };
    const asked = [
      ['targets', 'targets'],
      ['config check', 'settings'],
      ['migrate', 'applied'],
      ['migrate', 'applied'],
      ['seed', 'demo'],
      ['seed', 'demo'],
      ['doctor', 'findings'],
      ['keys rotate', 'keyId'],
      ['tenancy prove', 'findings'],
      ['dead-letters list', 'events'],
    ] as const;
    const answers: Record<string, unknown>[] = [];
    for (const [line, member] of asked) {
      const { code, stdout, stderr } = await run(`${line} --json`, environment);
      expect(code, `${line}: ${stderr}\n${stdout}`).toBe(0);
      answers.push(JSON.parse(stdout));
      expect(answers.at(-1), line).toHaveProperty(member);
    }
    const [, , first, again, seeded, seededAgain] = answers;
    expect(first?.['applied']).not.toEqual([]);
    expect(again?.['applied']).toEqual([]);
    expect(seededAgain).toEqual(seeded);
  });

  it('that answers nobody is told as such, with exit code 1', async () => {
    const { code, stderr } = await run('migrate', {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x',
      CANDLEFISH_SECRET: 'x'.repeat(40),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('ECONNREFUSED');
  });
});
