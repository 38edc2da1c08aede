import { Database } from '@candlefish/kit/db';
import {
  createPostgresRevocationLog,
  createRedisCopy,
  createRevocations,
  type Revocations,
} from '@candlefish/kit/revocation';
import {
  createLog,
  createMetrics,
  type DurationSeries,
  type Metrics,
  noTracing,
  type ProcessLog,
  startTracing,
  type Tracing,
} from '@candlefish/kit/telemetry';
import type { ServerConfig } from './config.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { secretOf } from './secrets.ts';
import { createSharedParts, type SharedParts } from './shared-parts.ts';
import { VERSION } from './version.ts';

/** What a process has before any service: telemetry, the database, the shared parts, revocations. */
export interface ProcessParts {
  readonly config: ServerConfig;
  readonly secret: string;
  readonly log: ProcessLog;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly addresses: OpenDatabase;
  readonly database: Database;
  readonly shared: SharedParts;
  readonly revocations: Revocations;
  /** Closes everything in reverse order. */
  close(): Promise<void>;
}

/** What opening them needs. */
export interface ProcessOptions {
  readonly config: ServerConfig;
  /** Names of the hosted services, for logs and traces. */
  readonly target: string;
  /** Whether this process is the whole platform. */
  readonly alone: boolean;
  readonly migrate: boolean;
  readonly onProgress: (step: string) => void;
  /** A database that somebody else has made ready; default: opened as configured. */
  readonly given?: OpenDatabase;
  readonly log?: ProcessLog;
  readonly signal?: AbortSignal;
  /** See `OpenOptions`. */
  readonly beforeStart?: () => Promise<void>;
}

/** Longest wait for a free connection before a request is answered 503. */
const ACQUIRE_TIMEOUT_MS = 3_000;
/** A server that keeps silent is given up 2 s after the limit of a statement; this leaves time to say 503 within the deadline. */
const SILENCE_MS = 2_500;

/** Opens them in order; when one fails, those before it are closed. */
export async function openProcessParts(options: ProcessOptions): Promise<ProcessParts> {
  const { config, target, alone } = options;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).toReversed()) await one();
  };
  try {
    const log = options.log ?? createLog({ level: config.logLevel, bindings: { target } });
    closers.push(async () => log.flush());
    const metrics = createMetrics({ process: true });
    const degraded = metrics.counter('candlefish_degraded_total', 'Uses that went on without Redis as declared.', [
      'use',
    ]);
    const onDegraded = (use: string, error: unknown): void => {
      degraded.inc({ use });
      log.warn({ use, err: error }, 'going on as declared without a shared part');
    };
    const tracing = await openTracing(config, target, log);
    closers.push(() => tracing.close());

    const secret = await secretOf(config);
    const addresses = options.given ?? (await openDatabase({ ...options, secret, log }));
    if (options.given === undefined) closers.push(() => addresses.stop());
    const database = openPool(config, addresses, target, { log, metrics, tracing });
    closers.push(() => database.close());

    const shared = await createSharedParts({
      redisUrl: config.redisUrl,
      alone,
      directUrl: addresses.directUrl,
      log,
      onDegraded,
    });
    closers.push(() => shared.close());
    const revocations = createRevocations({
      log: createPostgresRevocationLog(database),
      pubsub: shared.pubsub,
      ...(shared.redis === null ? {} : { copy: createRedisCopy(shared.redis) }),
      onDegraded,
      onListenerError: (error) => log.error({ err: error }, 'a listener of revocations failed'),
    });
    await revocations.start();
    closers.push(() => revocations.close());
    return { config, secret, log, metrics, tracing, addresses, database, shared, revocations, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openTracing(config: ServerConfig, target: string, log: ProcessLog): Promise<Tracing> {
  if (config.otlpEndpoint === undefined) return noTracing;
  return startTracing({
    endpoint: config.otlpEndpoint,
    serviceName: `candlefish-${target}`,
    version: VERSION,
    sampleRatio: config.traceSamplePercent / 100,
    onError: (error) => log.warn({ err: error }, 'traces could not be sent'),
  });
}

/** Half of a deadline that is too short for silence to be told from slowness. */
const statementTimeoutOf = (deadlineMs: number): number => Math.max(deadlineMs - SILENCE_MS, Math.ceil(deadlineMs / 2));

function openPool(
  config: ServerConfig,
  addresses: OpenDatabase,
  target: string,
  { log, metrics, tracing }: Pick<ProcessParts, 'log' | 'metrics' | 'tracing'>,
): Database {
  const statements = metrics.duration('db_statement_duration_seconds', 'Duration of statements.', [
    'statement',
    'outcome',
  ]);
  // Bounded by the statements of the code.
  const [successes, failures] = [new Map<string, DurationSeries>(), new Map<string, DurationSeries>()];
  const database = new Database({
    url: addresses.appUrl,
    connectionsMax: config.databaseConnections,
    acquireTimeoutMs: ACQUIRE_TIMEOUT_MS,
    statementTimeoutMs: statementTimeoutOf(config.deadlineMs),
    prepared: addresses.prepared,
    applicationName: `candlefish-${target}`.slice(0, 63),
    onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
    onStatement: ({ name, durationMs, failed }) => {
      const known = failed ? failures : successes;
      let series = known.get(name);
      if (series === undefined) {
        series = statements.of({ statement: name, outcome: failed ? 'failed' : 'ok' });
        known.set(name, series);
      }
      series.observe(durationMs / 1_000);
      tracing.record(name, durationMs, failed);
    },
  });
  metrics.watch('db_connections', 'Connections of the pool, and requests waiting for one.', () => {
    const { total, idle, waiting } = database.stats();
    return [
      { labels: { state: 'busy' }, value: total - idle },
      { labels: { state: 'idle' }, value: idle },
      { labels: { state: 'waiting' }, value: waiting },
    ];
  });
  return database;
}
