import type { Static, TSchema } from 'typebox';
import type { CallDefinition } from '../calls/call.ts';
import type { BoundStatement } from '../db/statement.ts';
import type { EventDefinition } from '../events/event.ts';
import type { JobDefinition, JobOptions } from '../jobs/job.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Action, Actor } from './actor.ts';
import type { Grant } from './grant.ts';

/** The time, so that tests can set it. */
export interface Clock {
  now(): Date;
}

/** New ids, so that tests can fix them. */
export interface Ids {
  /** A UUIDv7. */
  next(): string;
}

/** The HTTP exchange behind a context, for the few operations that read or set cookies. */
export interface HttpExchange {
  /** A request header by its lower-case name. */
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** Sets an httpOnly, SameSite=Strict cookie, Secure outside loopback; an empty value clears it. */
  setCookie(name: string, value: string, options: { readonly path: string; readonly maxAgeMs: number }): void;
}

/** What an action is about, as far as the check needs to know. */
export interface Resource {
  /** The tenant the caller named or the resource belongs to; another one than the actor's answers NOT_FOUND. */
  readonly tenantId?: string;
}

/** A transaction that a grant opened. Using it after `tx` has returned throws. */
export interface Tx<A extends Action> {
  /** Runs a statement that the grant's action may run; all rows. */
  run<Row>(statement: BoundStatement<Row, A>): Promise<readonly Row[]>;
  /** The first row, or undefined when there is none. */
  first<Row>(statement: BoundStatement<Row, A>): Promise<Row | undefined>;
  /** The only row. @throws Error when there is none: use it where the statement cannot miss. */
  one<Row>(statement: BoundStatement<Row, A>): Promise<Row>;
  /**
   * Runs a statement whose rows nobody needs together with the next one, or with COMMIT, in their round trip; its failure
   * is theirs.
   */
  write(statement: BoundStatement<unknown, A>): void;
  /** Adds an event; written with COMMIT, so its order is the order of commits. */
  emit<P extends TSchema>(event: EventDefinition<P>, payload: Static<P>): void;
  /** Adds a job; it exists exactly when this transaction commits. */
  addJob<P extends TSchema>(job: JobDefinition<P>, payload: Static<P>, options?: JobOptions): void;
  /**
   * A wake-up for after COMMIT, which is later than the end of `ctx.tx` where one request is one unit of work. It must not
   * throw, and what it promises must survive its loss.
   */
  afterCommit(work: () => void): void;
}

/** What follows from the first statement of a unit that is committed in a group: it adds, and does not wait. */
export type GroupTx<A extends Action> = Pick<Tx<A>, 'write' | 'emit' | 'afterCommit'>;

/**
 * What one request, message or job works with; the first argument of every operation.
 * `Service` is what the service built at its start: its configuration and its process-lifetime parts.
 */
export interface Ctx<Service = unknown> {
  readonly actor: Actor;
  readonly service: Service;
  readonly log: Logger;
  /** Aborts when the caller has gone, the deadline has passed or the process drains. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Correlation id: from the client's `X-Request-Id` when it is well formed, else made here. */
  readonly requestId: string;
  /** Address of the client as far as trusted proxies tell; null for work nobody asked for over the network. */
  readonly clientAddress: string | null;
  /** Null for sockets, jobs and events. */
  readonly http: HttpExchange | null;

  /**
   * Proof that the actor may do this, or a refusal.
   * @throws AppError UNAUTHENTICATED without credentials, FORBIDDEN for a role or scope too weak, NOT_FOUND for another
   *   tenant's resource.
   */
  authorize<A extends Action>(action: A, resource?: Resource): Grant<A>;
  /** Whether `authorize` would say yes; for answers that only shape what is shown. */
  may(action: Action): boolean;

  /** One statement, one round trip, all rows. */
  query<Row, A extends Action>(grant: Grant<A>, statement: BoundStatement<Row, NoInfer<A>>): Promise<readonly Row[]>;
  /** One statement, its first row or undefined. */
  first<Row, A extends Action>(grant: Grant<A>, statement: BoundStatement<Row, NoInfer<A>>): Promise<Row | undefined>;
  /** Several statements, all or nothing. Events and jobs are added here. */
  tx<T, A extends Action>(grant: Grant<A>, run: (tx: Tx<A>) => Promise<T>): Promise<T>;
  /**
   * One statement and what follows from its rows, all or nothing. Under load the units of several requests are committed
   * together, which costs a fraction of as many transactions: for what many do at once.
   * @param follow Called with the rows; when it throws nothing is committed. It may be called again after its first call
   *   was undone, so it does nothing but add to the transaction.
   */
  groupTx<Row, T, A extends Action>(
    grant: Grant<A>,
    first: BoundStatement<Row, NoInfer<A>>,
    follow: (tx: GroupTx<A>, rows: readonly Row[]) => T,
  ): Promise<T>;

  /** Calls another service through its contract, as the same actor, within the same deadline. */
  call<I extends TSchema, O extends TSchema>(call: CallDefinition<I, O>, input: Static<I>): Promise<Static<O>>;

  /** The same request as another actor. For identity only: a password or a token was verified just now. */
  as(actor: Actor): Ctx<Service>;
  /** The same request with a narrower signal: it aborts when either does. */
  within(signal: AbortSignal): Ctx<Service>;
}
