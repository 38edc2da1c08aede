import { Database } from '@candlefish/kit/db';
import pg from 'pg';
import { listAgents } from '../../services/nanda/store/agents.ts';
import { answerSlices } from './closed-loop.ts';
import { settingsOf } from './graph.ts';

// Runs one statement over and over in a process of its own, by the platform's driver or by pg alone, and says how often.

interface Settings {
  readonly databaseUrl: string;
  readonly tenantId: string;
  readonly driver: 'platform' | 'pg';
  readonly named: boolean;
}

/** Calls in flight, over half as many connections: the pool is never idle and never starves. */
const IN_FLIGHT = 32;
const CONNECTIONS_MAX = 16;

const { databaseUrl, tenantId, driver, named } = settingsOf<Settings>();
const bound = listAgents({
  tenantId,
  beforeCreatedAt: new Date('9999-01-01'),
  beforeId: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  limit: 20,
});

const call = driver === 'platform' ? byPlatform() : byPg();
const rows = await call();
if (rows.length !== 20) throw new Error(`${rows.length} rows came instead of 20`);

function byPlatform(): () => Promise<readonly object[]> {
  const database = new Database({
    url: databaseUrl,
    connectionsMax: CONNECTIONS_MAX,
    acquireTimeoutMs: 5_000,
    statementTimeoutMs: 10_000,
    prepared: named,
    applicationName: 'bench-store',
    onIdleError: (error) => console.error(error),
  });
  return () => database.query({ tenantId }, bound);
}

/** The same text and values through pg's own pool. */
function byPg(): () => Promise<readonly object[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS_MAX });
  const { text } = bound.statement;
  const values = [...bound.values];
  const query = named ? { name: 'one', text, values } : { text, values };
  return async () => (await pool.query(query)).rows as readonly object[];
}

answerSlices(call, IN_FLIGHT);
