import type { Static, TSchema } from 'typebox';
import type { CallDefinition } from '../calls/call.ts';
import type { BoundStatement, Runnable } from '../db/statement.ts';
import type { Transaction } from '../db/transaction.ts';
import { platformErrors } from '../errors/index.ts';
import type { EventDefinition } from '../events/event.ts';
import type { JobDefinition, JobOptions } from '../jobs/job.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Action, Actor } from './actor.ts';
import type { Clock, Ctx, GroupTx, HttpExchange, Ids, Resource, Tx } from './ctx.ts';
import type { Executor } from './executor.ts';
import { type Grant, isGrant, makeGrant } from './grant.ts';
import { type Allowed, isAllowed } from './policy.ts';

/** One service in this process: what all contexts of its work share. */
export interface ServiceRuntime<Service = unknown> {
  readonly name: string;
  /** What the service's `setup` built. */
  readonly service: Service;
  readonly clock: Clock;
  readonly ids: Ids;
  /** The merged role × action tables of the services in this process. */
  readonly policy: ReadonlyMap<string, Allowed>;
  /** Writes the buffered events of a transaction into the log; called just before COMMIT. */
  writeEvents(tx: Transaction, ctx: Ctx, events: readonly PendingEvent[]): Promise<void>;
  writeJob(tx: Transaction, ctx: Ctx, job: PendingJob): Promise<void>;
  /** Carries a call to the service that provides it, here or in another process. */
  dispatch(ctx: Ctx, call: CallDefinition, input: unknown): Promise<unknown>;
}

/** One request, message or job: what is the same for every service it passes through. */
export interface RequestScope {
  readonly executor: Executor;
  readonly actor: Actor;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** The credential as it came (`Bearer …` or an API key), sent along to other processes, which verify it again. */
  readonly credential: Credential | null;
  readonly http: HttpExchange | null;
}

/** A credential as the client sent it. */
export interface Credential {
  readonly kind: 'bearer' | 'api_key';
  readonly value: string;
}

/** An event that waits for COMMIT. */
export interface PendingEvent {
  readonly definition: EventDefinition;
  readonly payload: unknown;
}

/** A job that waits for COMMIT. */
export interface PendingJob {
  readonly definition: JobDefinition;
  readonly payload: unknown;
  readonly options: JobOptions;
}

/** Makes the context of one request, message or job. Cheap: it is made for every request. */
export const createCtx = <Service>(runtime: ServiceRuntime<Service>, scope: RequestScope): Ctx<Service> =>
  new RequestCtx(runtime, scope);

/** The request behind a context, to carry it on to another service. For the kit's own layers. */
export const requestScopeOf = (ctx: Ctx): RequestScope => RequestCtx.scopeOf(ctx);

class RequestCtx<Service> implements Ctx<Service> {
  readonly #runtime: ServiceRuntime<Service>;
  readonly #scope: RequestScope;

  constructor(runtime: ServiceRuntime<Service>, scope: RequestScope) {
    this.#runtime = runtime;
    this.#scope = scope;
  }

  static scopeOf(ctx: Ctx): RequestScope {
    if (!(ctx instanceof RequestCtx)) throw new Error('this context was not made by createCtx');
    return ctx.#scope;
  }

  get actor(): Actor {
    return this.#scope.actor;
  }
  get service(): Service {
    return this.#runtime.service;
  }
  get log(): Logger {
    return this.#scope.log;
  }
  get signal(): AbortSignal {
    return this.#scope.signal;
  }
  get clock(): Clock {
    return this.#runtime.clock;
  }
  get ids(): Ids {
    return this.#runtime.ids;
  }
  get requestId(): string {
    return this.#scope.requestId;
  }
  get clientAddress(): string | null {
    return this.#scope.clientAddress;
  }

  get http(): HttpExchange | null {
    return this.#scope.http;
  }

  may(action: Action): boolean {
    return isAllowed(this.actor, action, this.#runtime.policy.get(action));
  }

  authorize<A extends Action>(action: A, resource: Resource = {}): Grant<A> {
    const { actor } = this;
    if (!this.may(action)) {
      if (actor.kind === 'anonymous') throw platformErrors.unauthenticated();
      throw platformErrors.forbidden({ detail: `This needs the permission ${action}.` });
    }
    if (resource.tenantId !== undefined && resource.tenantId !== actor.tenantId) throw platformErrors.notFound();
    return makeGrant(action, actor.tenantId, actor);
  }

  async query<Row, A extends Action>(grant: Grant<A>, bound: BoundStatement<Row, NoInfer<A>>): Promise<readonly Row[]> {
    this.signal.throwIfAborted();
    const runnable = permitted(grant, bound);
    return (await this.#scope.executor.query(scopeOf(grant), runnable, this.signal)) as readonly Row[];
  }

  async first<Row, A extends Action>(
    grant: Grant<A>,
    bound: BoundStatement<Row, NoInfer<A>>,
  ): Promise<Row | undefined> {
    return (await this.query(grant, bound))[0];
  }

  async tx<T, A extends Action>(grant: Grant<A>, run: (tx: Tx<A>) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    assertGrant(grant);
    const work = async (transaction: Transaction): Promise<T> => {
      const tx = new GrantedTx(grant, transaction, this.#runtime, this);
      const result = await run(tx);
      await tx.finish();
      return result;
    };
    return this.#scope.executor.transaction(scopeOf(grant), work, this.signal);
  }

  async groupTx<Row, T, A extends Action>(
    grant: Grant<A>,
    first: BoundStatement<Row, NoInfer<A>>,
    follow: (tx: GroupTx<A>, rows: readonly Row[]) => T,
  ): Promise<T> {
    this.signal.throwIfAborted();
    const work = (transaction: Transaction, rows: readonly object[]): T => {
      const tx = new GrantedTx(grant, transaction, this.#runtime, this);
      const result = follow(tx, rows as readonly Row[]);
      tx.end();
      return result;
    };
    return this.#scope.executor.groupTransaction(scopeOf(grant), permitted(grant, first), work, this.signal);
  }

  async call<I extends TSchema, O extends TSchema>(call: CallDefinition<I, O>, input: Static<I>): Promise<Static<O>> {
    this.signal.throwIfAborted();
    return (await this.#runtime.dispatch(this, call, input)) as Static<O>;
  }

  as(actor: Actor): Ctx<Service> {
    // The credential proves the former actor, so it must not travel on for this one.
    return new RequestCtx(this.#runtime, { ...this.#scope, actor, credential: null });
  }

  within(signal: AbortSignal): Ctx<Service> {
    return new RequestCtx(this.#runtime, { ...this.#scope, signal: AbortSignal.any([this.signal, signal]) });
  }
}

/** The transaction as an operation sees it: every statement is held against the grant, events and jobs wait for the end. */
class GrantedTx<A extends Action> implements Tx<A> {
  readonly #grant: Grant<A>;
  readonly #transaction: Transaction;
  readonly #runtime: ServiceRuntime;
  readonly #ctx: Ctx;
  readonly #events: PendingEvent[] = [];
  readonly #jobs: PendingJob[] = [];
  #finished = false;

  constructor(grant: Grant<A>, transaction: Transaction, runtime: ServiceRuntime, ctx: Ctx) {
    this.#grant = grant;
    this.#transaction = transaction;
    this.#runtime = runtime;
    this.#ctx = ctx;
  }

  async run<Row>(bound: BoundStatement<Row, A>): Promise<readonly Row[]> {
    if (this.#finished) throw new Error(`${bound.statement.name}: the transaction has ended`);
    return (await this.#transaction.run(permitted(this.#grant, bound))) as readonly Row[];
  }

  write(bound: BoundStatement<unknown, A>): void {
    if (this.#finished) throw new Error(`${bound.statement.name}: the transaction has ended`);
    this.#transaction.write(permitted(this.#grant, bound));
  }

  async first<Row>(bound: BoundStatement<Row, A>): Promise<Row | undefined> {
    return (await this.run(bound))[0];
  }

  async one<Row>(bound: BoundStatement<Row, A>): Promise<Row> {
    const row = await this.first(bound);
    if (row === undefined) throw new Error(`${bound.statement.name}: one row was expected, none came`);
    return row;
  }

  emit<P extends TSchema>(definition: EventDefinition<P>, payload: Static<P>): void {
    this.#events.push({ definition, payload });
  }

  addJob<P extends TSchema>(definition: JobDefinition<P>, payload: Static<P>, options: JobOptions = {}): void {
    this.#jobs.push({ definition, payload, options });
  }

  afterCommit(work: () => void): void {
    this.#transaction.afterCommit(work);
  }

  /** Jobs are written first. */
  async finish(): Promise<void> {
    this.#finished = true;
    for (const job of this.#jobs) await this.#runtime.writeJob(this.#transaction, this.#ctx, job);
    this.end();
  }

  /** Events wait for COMMIT, since their sequence is a lock that all writers of a tenant share. */
  end(): void {
    this.#finished = true;
    if (this.#events.length > 0) {
      this.#transaction.beforeCommit(() => this.#runtime.writeEvents(this.#transaction, this.#ctx, this.#events));
    }
  }
}

const scopeOf = (grant: Grant<Action>) => ({ tenantId: grant.tenantId });

function assertGrant(grant: Grant<Action>): void {
  if (!isGrant(grant)) throw new Error('a grant was used that authorize did not make');
}

/** The types refuse a mismatch already; this holds for values that were cast. */
function permitted(
  grant: Grant<Action>,
  bound: { readonly statement: Runnable['statement']; readonly values: Runnable['values'] },
): Runnable {
  assertGrant(grant);
  if (!bound.statement.actions.includes(grant.action)) {
    throw new Error(`${bound.statement.name} may not run under a grant for ${grant.action}`);
  }
  return bound;
}
