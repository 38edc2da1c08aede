import { readConfig } from '../config/index.ts';
import {
  type Allowed,
  type Clock,
  type Ctx,
  createCtx,
  type Executor,
  type Ids,
  type RequestScope,
  type ServiceRuntime,
  systemActor,
} from '../context/index.ts';
import type { ServiceDeclaration, SetupParts } from '../service/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import { startOrder } from './order.ts';
import { Life, type PlatformServiceStatus, type ServiceStatus } from './state.ts';

/** The process-lifetime parts that every service in the process shares. */
export interface HostParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly executor: Executor;
  readonly writeEvents: ServiceRuntime['writeEvents'];
  readonly writeJob: ServiceRuntime['writeJob'];
  readonly dispatch: ServiceRuntime['dispatch'];
  /**
   * Every service of the platform, hosted here or elsewhere: roles and keys may hold permissions of them all. Default:
   * those hosted here.
   */
  readonly platform?: readonly ServiceDeclaration[];
  /** The services of other processes; none by default. */
  readonly elsewhere?: () => readonly PlatformServiceStatus[];
  /** Parts handed to `setup`, beside those above. */
  readonly shared: Omit<
    SetupParts<unknown>,
    'config' | 'log' | 'clock' | 'ids' | 'policy' | 'statuses' | 'draining' | 'system'
  >;
}

interface Hosted {
  readonly declaration: ServiceDeclaration;
  readonly life: Life;
  runtime: ServiceRuntime | null;
}

/** The services of one process: starts each after what it calls, stops in reverse, knows the state of each. */
export class Host {
  readonly #parts: HostParts;
  readonly #hosted: readonly Hosted[];
  readonly #policy: ReadonlyMap<string, Allowed>;
  readonly #draining = new AbortController();
  #isLeaving = false;

  /** @throws Error when declarations clash (see `startOrder`). */
  constructor(services: readonly ServiceDeclaration[], parts: HostParts) {
    this.#parts = parts;
    this.#hosted = startOrder(services).map((declaration) => ({
      declaration,
      life: new Life(declaration.name, parts.clock.now()),
      runtime: null,
    }));
    this.#policy = new Map(
      (parts.platform ?? services).flatMap((service) => Object.entries<Allowed>(service.policy.table)),
    );
  }

  get services(): readonly ServiceDeclaration[] {
    return this.#hosted.map((hosted) => hosted.declaration);
  }

  /** Aborts when the process begins to drain. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** Whether the process is about to drain: it serves as before, and should be sent nothing more. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** The merged role × action tables. */
  get policy(): ReadonlyMap<string, Allowed> {
    return this.#policy;
  }

  statuses(): readonly ServiceStatus[] {
    return this.#hosted.map((hosted) => hosted.life.status);
  }

  /** Starts every service in order. When one fails, those already running are stopped and its error is thrown. */
  async start(): Promise<void> {
    for (const hosted of this.#hosted) {
      hosted.life.move('starting', this.#now());
      try {
        await this.#setUp(hosted);
        hosted.life.move('running', this.#now());
      } catch (error) {
        hosted.life.move('failed', this.#now(), error instanceof Error ? error.message : String(error));
        await this.stop();
        throw new Error(`starting ${hosted.declaration.name}`, { cause: error });
      }
    }
  }

  /** Says that the process is about to drain. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Tells followers and loops to end; new work is still served. */
  beginDrain(): void {
    this.leave();
    this.#draining.abort(new Error('the process drains'));
  }

  /** Stops in reverse order of the start. A service that fails to close does not keep the others from closing. */
  async stop(): Promise<void> {
    this.beginDrain();
    for (const { declaration, life, runtime } of this.#hosted.toReversed()) {
      if (life.status.state !== 'running') continue;
      life.move('stopping', this.#now());
      try {
        if (runtime !== null) await declaration.close?.(runtime.service);
        life.move('terminated', this.#now());
      } catch (error) {
        this.#parts.log.error({ service: declaration.name, err: error }, 'closing a service failed');
        life.move('failed', this.#now(), String(error));
      }
    }
  }

  /** The context of one request, message or job for the named service. */
  ctx(service: string, scope: RequestScope): Ctx {
    return createCtx(this.#runtimeOf(service), scope);
  }

  /** The context of a service's own work: its actor is the service, in one tenant or in none. */
  system(service: string, tenantId: string | null, signal: AbortSignal = this.#draining.signal): Ctx {
    const requestId = this.#parts.ids.next();
    return this.ctx(service, {
      executor: this.#parts.executor,
      actor: systemActor(service, tenantId, this.#now()),
      log: this.#parts.log.child({ service, requestId, tenantId }),
      signal,
      requestId,
      clientAddress: null,
      credential: null,
      http: null,
    });
  }

  async #setUp(hosted: Hosted): Promise<void> {
    const { declaration } = hosted;
    const { environment, log, clock, ids, writeEvents, writeJob, dispatch, shared } = this.#parts;
    const common = { name: declaration.name, clock, ids, policy: this.#policy, writeEvents, writeJob, dispatch };
    // A service may read its own tables while it is set up; only `ctx.service` is not there yet.
    hosted.runtime = { ...common, service: undefined };
    const setupParts: SetupParts<unknown> = {
      ...shared,
      config: readConfig(declaration.config, environment),
      log: log.child({ service: declaration.name }),
      clock,
      ids,
      policy: this.#policy,
      statuses: () => [...this.statuses(), ...(this.#parts.elsewhere?.() ?? [])],
      draining: this.#draining.signal,
      system: (tenantId, signal) => this.system(declaration.name, tenantId, signal),
    };
    hosted.runtime = { ...common, service: await declaration.setup(setupParts as SetupParts<never>) };
  }

  #runtimeOf(service: string): ServiceRuntime {
    const runtime = this.#hosted.find((hosted) => hosted.declaration.name === service)?.runtime;
    if (runtime === null || runtime === undefined) throw new Error(`${service} does not run in this process`);
    return runtime;
  }

  #now(): Date {
    return this.#parts.clock.now();
  }
}
