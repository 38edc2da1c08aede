import type { Static, TSchema } from 'typebox';
import type { Cache } from '../cache/index.ts';
import type { CallDefinition } from '../calls/call.ts';
import type { ConfigOf, ConfigSpec } from '../config/index.ts';
import type { Action, Allowed, Clock, Ctx, Ids, Policy, Tx } from '../context/index.ts';
import type { ErrorConstructorOf } from '../errors/index.ts';
import type { EventDefinition, LoggedEvent } from '../events/event.ts';
import type { EventFeed } from '../events/feed.ts';
import type { Route } from '../http/route.ts';
import type { JobDefinition } from '../jobs/job.ts';
import type { PlatformServiceStatus } from '../lifecycle/state.ts';
import type { RateLimiter } from '../limits/index.ts';
import type { PubSub } from '../pubsub/index.ts';
import type { Revocations } from '../revocation/index.ts';
import type { SocketsDeclaration } from '../sockets/types.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** The process-lifetime parts a service may build on at its start. */
export interface SetupParts<Config> {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly cache: Cache;
  readonly pubsub: PubSub;
  readonly limits: RateLimiter;
  readonly revocations: Revocations;
  readonly metrics: Metrics;
  /** Reads the event log by cursor and follows it. */
  readonly events: EventFeed;
  /** A key of 32 bytes for one purpose, derived from the platform's secret: the same in every process and after a restart. */
  deriveKey(purpose: string): Uint8Array;
  /** The role × action tables of every service of the platform, those in other processes included. */
  readonly policy: ReadonlyMap<string, Allowed>;
  /** The state of every service of the platform at this moment, those in other processes included. */
  statuses(): readonly PlatformServiceStatus[];
  /** Aborts when the process begins to drain: background loops end, followers are sent home. */
  readonly draining: AbortSignal;
  /** A context of the service itself, for its own background work in one tenant (or in none). */
  system(tenantId: string | null, signal?: AbortSignal): Ctx;
}

/** A call this service answers: the contract's definition and the operation behind it. */
export interface CallProvision<Service = unknown> {
  readonly call: CallDefinition;
  handle(ctx: Ctx<Service>, input: unknown): Promise<unknown>;
}

/** Binds a call of the contract to its operation. */
export const provide = <Service, I extends TSchema, O extends TSchema>(
  call: CallDefinition<I, O>,
  handle: (ctx: Ctx<Service>, input: Static<I>) => Promise<Static<O>>,
): CallProvision<Service> => ({ call, handle: (ctx, input) => handle(ctx, input as Static<I>) });

/**
 * A reader of the event log. Its cursor per tenant moves in the transaction of its effect, so every event takes effect
 * exactly once. Events arrive in the order of the tenant's log.
 */
export interface Subscriber<Service = unknown, A extends Action = Action> {
  /** `service.verbNoun`, unique and never renamed: it names the stored cursor. */
  readonly name: string;
  /** Names of the events it wants, or all. Others only move the cursor. */
  readonly events: readonly EventDefinition[] | 'all';
  /** The action whose grant its transaction carries. */
  readonly action: A;
  /**
   * Takes the effect of events, through `tx`: of those of a moment together, of each alone once a batch has failed. Runs
   * again when its transaction does not commit: what reaches beyond it belongs into a job or into `tx.afterCommit`.
   * @param events At least one, in the order of the log.
   */
  handle(ctx: Ctx<Service>, tx: Tx<A>, events: readonly LoggedEvent[]): Promise<void>;
}

/** What runs a job. Runs at least once: it must bear being repeated. */
export interface JobHandler<Service = unknown> {
  readonly job: JobDefinition;
  handle(ctx: Ctx<Service>, payload: unknown): Promise<void>;
}

/** Work at fixed times, once over all nodes. */
export interface Cron<Service = unknown> {
  /** `service.verbNoun`, unique. */
  readonly name: string;
  /** Five fields of crontab(5), UTC. */
  readonly schedule: string;
  handle(ctx: Ctx<Service>): Promise<void>;
}

/** How many copies a cluster runs, and when it adds one. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
  readonly cpuPercent: number;
  readonly requestsPerSecond: number;
}

/** What the service promises over 30 days. */
export interface ServiceObjective {
  readonly p95Ms: number;
  /** Share of requests without a fault, 0–1. */
  readonly availability: number;
}

/** A service's part of the graph. */
export interface SubgraphDeclaration {
  /** SDL file. */
  readonly schema: URL;
  readonly resolvers: object;
  /**
   * Mutations whose answers are never stored for `Idempotency-Key`: they hold credentials, or belong to another tenant
   * than the caller's. The twins of routes with `idempotency: false`.
   */
  readonly unstored?: readonly string[];
}

/** Everything the platform knows about a service. */
export interface ServiceDeclaration<Service = unknown> {
  /** Folder, target, database schema, metric label and deployment: one word. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Public path prefixes; two services claiming one path stop the start. */
  readonly paths: readonly string[];
  readonly needs: readonly ('postgres' | 'redis')[];
  /** Calls of other services that it makes: start order, allowed callers, network policy. */
  readonly calls: readonly CallDefinition[];
  readonly config: ConfigSpec;
  readonly policy: Policy;
  readonly errors: Readonly<Record<string, ErrorConstructorOf>>;
  /** Events it emits. */
  readonly emits: readonly EventDefinition[];
  /** Builds what lives as long as the process; its result is `ctx.service`. */
  setup(parts: SetupParts<never>): Promise<Service>;
  /** Ends what `setup` began. */
  close?(service: Service): Promise<void>;
  readonly provides: readonly CallProvision<Service>[];
  readonly routes: readonly Route<Service>[];
  readonly graphql?: SubgraphDeclaration;
  /** Paths that open WebSockets. */
  readonly sockets?: SocketsDeclaration<Service>;
  readonly subscribers: readonly Subscriber<Service>[];
  readonly jobs: readonly JobHandler<Service>[];
  readonly crons: readonly Cron<Service>[];
  /** Adds what is missing of the service's demo data, as the owner of the demo tenant. All of it is invented. */
  demo?(ctx: Ctx<Service>): Promise<void>;
  /** Folder of SQL files; undefined for a service without tables. */
  readonly migrations?: URL;
  readonly scaling: Scaling;
  readonly slo: ServiceObjective;
}

type Defaults =
  | 'paths'
  | 'needs'
  | 'calls'
  | 'errors'
  | 'emits'
  | 'provides'
  | 'routes'
  | 'subscribers'
  | 'jobs'
  | 'crons';

/** A declaration as it is written: empty parts may be left out, `setup` is typed by `config`. */
export type ServiceSpec<C extends ConfigSpec, Service> = Omit<
  ServiceDeclaration<Service>,
  Defaults | 'config' | 'setup'
> &
  Partial<Pick<ServiceDeclaration<Service>, Defaults>> & {
    readonly config: C;
    readonly setup: (parts: SetupParts<ConfigOf<C>>) => Promise<Service>;
  };

/** Declares a service. */
export function defineService<C extends ConfigSpec, Service>(
  spec: ServiceSpec<C, Service>,
): ServiceDeclaration<Service> {
  return {
    paths: [],
    needs: [],
    calls: [],
    errors: {},
    emits: [],
    provides: [],
    routes: [],
    subscribers: [],
    jobs: [],
    crons: [],
    ...spec,
  };
}
