import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { withConnection } from '@candlefish/kit/migrate';
import { createRedis } from '@candlefish/kit/redis';
import { checkConfig } from '../check-config.ts';
import type { ServerConfig } from '../config.ts';
import type { OpenDatabase } from '../open-database.ts';
import { services } from '../registry.ts';
import { type Command, EXIT, type Invocation } from './command.ts';
import { explain } from './explain.ts';
import { withDatabase } from './with-database.ts';

/** What one look found. */
interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it, when it is not ok. */
  readonly advice?: string;
}

const NODE_MAJOR_MIN = 24;
const POSTGRES_MAJOR_MIN = 15;
/** An embedded database of a small company and room for its write-ahead log. */
const FREE_BYTES_MIN = 1024 ** 3;
/** Tokens tolerate 30 s of difference between clocks. */
const CLOCK_SKEW_MAX_MS = 10_000;
const REDIS_READY_MS = 2_000;

/** `candlefish doctor` */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Look for what would keep the platform from running well here.',
  help: `
Checks the runtime, the settings, the disk, the ports, the database (version, roles, schema, clock) and Redis, and says
what to do about each trouble. Changes nothing. Exits with 1 when something would keep the platform from running.`,
  options: {
    data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
  },
  async run(invocation) {
    const { values, terminal } = invocation;
    const findings: Finding[] = [runtime()];
    const config = settings(invocation, findings);
    if (config !== null) {
      findings.push(await disk(config), await port('the public port', config.host, config.port));
      findings.push(await port('the admin port', config.adminHost, config.adminPort));
      findings.push(...(await database(invocation)));
      if (config.redisUrl !== '') findings.push(await redis(config.redisUrl));
    }
    if (values['json'] === true) terminal.out(JSON.stringify({ findings }, null, 2));
    else for (const finding of findings) terminal.out(lineOf(finding));
    return findings.some((finding) => finding.state === 'fail') ? EXIT.failed : EXIT.ok;
  },
};

const lineOf = ({ check, state, found, advice }: Finding): string =>
  `${state.padEnd(4)}  ${check.padEnd(18)} ${found}${advice === undefined ? '' : `\n      ${''.padEnd(18)} → ${advice}`}`;

function runtime(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const found = `Node ${process.versions.node}`;
  return major >= NODE_MAJOR_MIN
    ? { check: 'runtime', state: 'ok', found }
    : { check: 'runtime', state: 'fail', found, advice: 'start through bin/candlefish.js, which pins Node 24' };
}

function settings({ environment }: Invocation, findings: Finding[]): ServerConfig | null {
  try {
    const config = checkConfig(environment, services);
    findings.push({ check: 'settings', state: 'ok', found: `${config.environment}` });
    return config;
  } catch (error) {
    findings.push({
      check: 'settings',
      state: 'fail',
      found: explain(error).message,
      advice: 'candlefish config check lists them',
    });
    return null;
  }
}

async function disk(config: ServerConfig): Promise<Finding> {
  const folder = config.databaseUrl === undefined ? config.dataDir : '.';
  const at = await statfs(folder).catch(() => statfs('.'));
  const free = at.bavail * at.bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free >= FREE_BYTES_MIN
    ? { check: 'disk', state: 'ok', found }
    : { check: 'disk', state: 'warn', found, advice: 'the database stops writing when the disk is full; make room' };
}

async function port(check: string, host: string, number: number): Promise<Finding> {
  if (number === 0) return { check, state: 'ok', found: 'a free one is taken' };
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const advice = `something listens there already, perhaps the platform; set another port`;
      resolve({ check, state: 'warn', found: `${host}:${number} ${error.code ?? error.message}`, advice });
    });
    probe.listen({ host, port: number, exclusive: true }, () => {
      probe.close(() => resolve({ check, state: 'ok', found: `${host}:${number} is free` }));
    });
  });
}

async function database(invocation: Invocation): Promise<readonly Finding[]> {
  try {
    return await withDatabase(invocation, { migrate: false }, ({ database: open }) => lookAtDatabase(open));
  } catch (error) {
    return [
      {
        check: 'database',
        state: 'fail',
        found: explain(error).message,
        advice: 'is it running, and do the settings reach it?',
      },
    ];
  }
}

async function lookAtDatabase(open: OpenDatabase): Promise<readonly Finding[]> {
  return withConnection(open.directUrl, async (client) => {
    const before = Date.now();
    const { rows } = await client.query<{ version: string; number: number; now: Date; migrated: boolean }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::integer as number,
         clock_timestamp() as now, to_regclass('auth.tenants') is not null as migrated`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the database answered nothing');
    const skewMs = Math.round(row.now.getTime() - (before + Date.now()) / 2);
    const findings: Finding[] = [
      Math.floor(row.number / 10_000) >= POSTGRES_MAJOR_MIN
        ? { check: 'database', state: 'ok', found: `PostgreSQL ${row.version}${open.embedded ? ', embedded' : ''}` }
        : {
            check: 'database',
            state: 'fail',
            found: `PostgreSQL ${row.version}`,
            advice: 'version 15 or later is needed',
          },
      row.migrated
        ? { check: 'schema', state: 'ok', found: 'migrated' }
        : { check: 'schema', state: 'warn', found: 'empty', advice: 'candlefish migrate, or just start' },
      Math.abs(skewMs) <= CLOCK_SKEW_MAX_MS
        ? { check: 'clock', state: 'ok', found: `${skewMs} ms from the database's` }
        : {
            check: 'clock',
            state: 'fail',
            found: `${skewMs} ms from the database's`,
            advice: 'tokens would be refused; set the clocks',
          },
    ];
    return findings;
  });
}

async function redis(url: string): Promise<Finding> {
  const client = createRedis({ url });
  try {
    const answers = await client.ready(REDIS_READY_MS);
    return answers
      ? { check: 'redis', state: 'ok', found: client.mode }
      : {
          check: 'redis',
          state: 'warn',
          found: 'does not answer',
          advice: 'limits hold per process and caches are cold until it does',
        };
  } finally {
    await client.close();
  }
}
