import { setTimeout as pause } from 'node:timers/promises';
import { createDispatcher, remoteCaller, serviceIdentity } from '@candlefish/kit/calls';
import {
  type Clock,
  type Ctx,
  type Executor,
  type Ids,
  pooled,
  requestScopeOf,
  systemClock,
  systemIds,
} from '@candlefish/kit/context';
import {
  createEventFeed,
  createEventWriter,
  type DeadLetter,
  EventRelay,
  retryDeadLetter,
} from '@candlefish/kit/events';
import { createIdempotency } from '@candlefish/kit/idempotency';
import { createJobWriter, dueJobs, JobRunner } from '@candlefish/kit/jobs';
import { Host } from '@candlefish/kit/lifecycle';
import { createLog, type ProcessLog } from '@candlefish/kit/telemetry';
import { checkConfig, serviceAddresses } from './check-config.ts';
import { type DemoSignIn, makeDemo } from './demo.ts';
import { type Edge, openEdge } from './edge.ts';
import type { EdgeParts } from './edge-parts.ts';
import { watchElsewhere } from './elsewhere.ts';
import type { OpenDatabase } from './open-database.ts';
import { checkPorts } from './ports.ts';
import { openProcessParts, type ProcessParts } from './process-parts.ts';
import { services as allServices, servicesOf } from './registry.ts';
import { derivedKey } from './secrets.ts';
import { sweepOf } from './sweep.ts';

/** How a platform, or a part of one, is started. */
export interface PlatformOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `all`, or service names separated by commas. */
  readonly target: string;
  /** Whether to open the public and the admin port; a command that only calls operations does not. */
  readonly listen: boolean;
  /** Whether to make the demo tenant where it is missing. */
  readonly demo: boolean;
  /** Whether to bring the schema up to date; default true for an embedded database, which nobody else migrates. */
  readonly migrate?: boolean;
  readonly onProgress?: (step: string) => void;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
  /** Parts that tests put in place of the real ones. */
  readonly given?: {
    readonly database?: OpenDatabase;
    readonly clock?: Clock;
    readonly ids?: Ids;
    readonly log?: ProcessLog;
    /** Sends calls between services through JSON, as a network would. */
    readonly jsonRoundTrip?: boolean;
  };
}

/** A running platform, or the part of one that this process hosts. */
export interface Platform {
  /** Public address without a slash at the end; empty when nothing listens. */
  readonly url: string;
  readonly adminUrl: string;
  readonly services: readonly string[];
  readonly demo: DemoSignIn | null;
  /** Settles with an error when a part fails that the process cannot do without. */
  readonly failed: Promise<Error>;
  /** A context of a service's own work. */
  system(service: string, tenantId: string | null): Ctx;
  /** Resolves when no event waits for a reader and no job is due. For tests and drills. */
  settle(): Promise<void>;
  retryDeadLetter(letter: Pick<DeadLetter, 'id' | 'tenantId'>): Promise<void>;
  /** Stops in order; harmless when called again. */
  stop(): Promise<void>;
}

/**
 * Starts the services of a target with everything under them.
 * @throws ConfigError, DataLockedError, EmbeddedPostgresError, MigrationError or an Error naming what could not start;
 *   whatever was started before is stopped then.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const declarations = servicesOf(options.target);
  const config = checkConfig(options.environment, declarations);
  const parts = await openProcessParts({
    config,
    target: options.target,
    alone: declarations.length === allServices.length,
    migrate: options.migrate ?? config.databaseUrl === undefined,
    onProgress: options.onProgress ?? (() => undefined),
    ...(options.given?.database === undefined ? {} : { given: options.given.database }),
    ...logOf(options),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.listen ? { beforeStart: () => checkPorts(config) } : {}),
  });
  try {
    return await RunningPlatform.start(options, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

/** A command's standard output is its answer, so what it has to log goes to standard error, and only troubles. */
function logOf({ given, listen }: PlatformOptions): { readonly log?: ProcessLog } {
  if (given?.log !== undefined) return { log: given.log };
  return listen ? {} : { log: createLog({ level: 'warn', destination: process.stderr }) };
}

class RunningPlatform implements Platform {
  demo: DemoSignIn | null = null;
  readonly failed: Promise<Error>;
  readonly #parts: ProcessParts;
  readonly #host: Host;
  readonly #relay: EventRelay;
  /** Later than the drain: events of the last requests are still read. */
  readonly #readersEnd = new AbortController();
  readonly #runner: JobRunner;
  readonly #closeRemote: () => Promise<void>;
  readonly #edgeParts: EdgeParts;
  #edge: Edge | null = null;
  #stopped: Promise<void> | null = null;

  private constructor(options: PlatformOptions, parts: ProcessParts) {
    this.#parts = parts;
    const { config, database, shared, revocations, log } = parts;
    const clock = options.given?.clock ?? systemClock;
    const ids = options.given?.ids ?? systemIds(clock);
    const draining = new AbortController();
    const identity = serviceIdentity(parts.secret);
    const { claims } = shared;
    const idempotency = createIdempotency({ database: pooled(database), claims });
    const declarations = servicesOf(options.target);
    const self = declarations[0]?.name ?? options.target;
    const alone = declarations.length === allServices.length;
    const addresses = serviceAddresses(config);
    const remote = alone ? null : remoteCaller({ addresses, identity, self });
    const elsewhere = alone ? null : watchElsewhere(addresses);
    this.#closeRemote = async () => {
      elsewhere?.close();
      await remote?.close();
    };
    const dispatcher = createDispatcher({
      host: () => this.#host,
      remote,
      jsonRoundTrip: options.given?.jsonRoundTrip ?? false,
    });
    this.#host = new Host(declarations, {
      environment: options.environment,
      log,
      clock,
      ids,
      platform: allServices,
      ...(elsewhere === null ? {} : { elsewhere: elsewhere.statuses }),
      executor: pooled(database),
      writeEvents: createEventWriter(shared.pubsub),
      writeJob: createJobWriter(),
      dispatch: (ctx, call, input) => dispatcher.dispatch(ctx, call, input),
      shared: {
        ...shared,
        revocations,
        metrics: parts.metrics,
        events: createEventFeed(shared.pubsub, draining.signal),
        deriveKey: (purpose) => derivedKey(parts.secret, purpose),
      },
    });
    this.#host.draining.addEventListener('abort', () => draining.abort(this.#host.draining.reason));
    const hosted = { database, subscribers: this.#subscribers(), contextOf: this.#contextOn };
    this.#relay = new EventRelay({ ...hosted, pubsub: shared.pubsub, log, now: () => clock.now() });
    this.#runner = new JobRunner({
      jobsUrl: parts.addresses.jobsUrl,
      jobs: declarations.flatMap((service) => service.jobs.map((handler) => ({ service: service.name, handler }))),
      crons: [
        ...declarations.flatMap((service) => service.crons.map((cron) => ({ service: service.name, cron }))),
        { service: self, cron: sweepOf(idempotency) },
      ],
      concurrency: parts.config.jobsConcurrency,
      log,
      contextOf: (service, tenantId, signal) => this.#host.system(service, tenantId, signal),
    });
    this.#edgeParts = { process: parts, host: this.#host, dispatcher, identity, idempotency, clock, ids, alone, self };
    this.failed = parts.addresses.lost;
  }

  static async start(options: PlatformOptions, parts: ProcessParts): Promise<Platform> {
    const platform = new RunningPlatform(options, parts);
    try {
      await platform.#start(options);
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  get url(): string {
    return this.#edge?.url ?? '';
  }
  get adminUrl(): string {
    return this.#edge?.adminUrl ?? '';
  }
  get services(): readonly string[] {
    return this.#host.services.map((service) => service.name);
  }

  system(service: string, tenantId: string | null): Ctx {
    return this.#host.system(service, tenantId);
  }

  async settle(): Promise<void> {
    do await this.#relay.settle();
    while ((await dueJobs(this.#parts.addresses.jobsUrl)) > 0);
  }

  retryDeadLetter(letter: Pick<DeadLetter, 'id' | 'tenantId'>): Promise<void> {
    const { database } = this.#parts;
    return retryDeadLetter({ database, subscribers: this.#subscribers(), contextOf: this.#contextOn }, letter);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(options: PlatformOptions): Promise<void> {
    await this.#host.start();
    if (options.demo) this.demo = await makeDemo(this.#host, options.onProgress ?? (() => undefined));
    if (!options.listen) return;
    await this.#relay.start();
    await this.#runner.start();
    this.#edge = await openEdge(this.#edgeParts);
  }

  /**
   * Gateways are given time to see it; then followers leave, since they would keep the ports open; then requests, readers
   * and jobs, services, the rest.
   */
  async #stop(): Promise<void> {
    this.#host.leave();
    if (this.#edge !== null) await pause(this.#parts.config.noticeMs);
    this.#host.beginDrain();
    await this.#edge?.close();
    await this.#relay.stop();
    this.#readersEnd.abort(new Error('the readers of events have stopped'));
    await this.#runner.stop();
    await this.#host.stop();
    await this.#closeRemote();
    await this.#parts.close();
  }

  #subscribers() {
    return this.#host.services.flatMap((service) =>
      service.subscribers.map((subscriber) => ({ service: service.name, subscriber })),
    );
  }

  readonly #contextOn = (service: string, tenantId: string, executor: Executor): Ctx => {
    const ctx = this.#host.system(service, tenantId, this.#readersEnd.signal);
    return this.#host.ctx(service, { ...requestScopeOf(ctx), executor });
  };
}
