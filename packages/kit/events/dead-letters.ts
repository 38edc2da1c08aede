import { type Ctx, type Executor, unitOfWork } from '../context/index.ts';
import type { Database } from '../db/database.ts';
import type { LoggedEvent } from './event.ts';
import type { HostedSubscriber } from './relay.ts';
import { listDeadLetters, readEvent, takeDeadLetter, tenantsWithDeadLetters } from './store.ts';

const LISTED_MAX = 500;

/** An event that a subscriber failed to handle too often. */
export interface DeadLetter {
  readonly id: string;
  readonly subscriber: string;
  readonly tenantId: string;
  readonly seq: number;
  /** Kind of the event. */
  readonly name: string;
  readonly error: string;
  readonly attempts: number;
  readonly createdAt: Date;
}

/** What the operator's side of dead letters works with. */
export interface DeadLetterOptions {
  readonly database: Database;
  readonly subscribers: readonly HostedSubscriber[];
  contextOf(service: string, tenantId: string, executor: Executor): Ctx;
}

/** Dead letters of all tenants, or of one; at most 500 a tenant. For operators, who see every tenant. */
export async function deadLettersOf(database: Database, tenantId: string | null): Promise<readonly DeadLetter[]> {
  const nobody = { tenantId: null };
  const tenants =
    tenantId === null
      ? ((await database.query(nobody, tenantsWithDeadLetters({ limit: LISTED_MAX }))) as readonly {
          tenantId: string;
        }[])
      : [{ tenantId }];
  const lists: DeadLetter[] = [];
  for (const tenant of tenants) {
    const scope = { tenantId: tenant.tenantId };
    lists.push(
      ...((await database.query(scope, listDeadLetters({ ...tenant, limit: LISTED_MAX }))) as readonly DeadLetter[]),
    );
  }
  return lists;
}

/**
 * Handles a dead letter's event again. It leaves the list in the transaction of its effect, so a failure keeps it.
 * @throws Error when it is gone, its subscriber does not run here, or the handler fails again.
 */
export async function retryDeadLetter(
  options: DeadLetterOptions,
  letter: Pick<DeadLetter, 'id' | 'tenantId'>,
): Promise<void> {
  const { tenantId } = letter;
  const scope = { tenantId };
  await options.database.transaction(scope, async (transaction) => {
    const [taken] = (await transaction.run(takeDeadLetter({ tenantId, id: letter.id }))) as readonly {
      subscriber: string;
      seq: number;
    }[];
    if (taken === undefined) throw new Error(`there is no dead letter ${letter.id}`);
    const hosted = options.subscribers.find(({ subscriber }) => subscriber.name === taken.subscriber);
    if (hosted === undefined) throw new Error(`the subscriber ${taken.subscriber} does not run in this process`);
    const [event] = (await transaction.run(readEvent({ tenantId, seq: taken.seq }))) as readonly LoggedEvent[];
    if (event === undefined) throw new Error(`the event ${taken.seq} is no longer in the log`);
    const ctx = options.contextOf(hosted.service, tenantId, unitOfWork(transaction, scope));
    const grant = ctx.authorize(hosted.subscriber.action);
    await ctx.tx(grant, (tx) => hosted.subscriber.handle(ctx, tx, [event]));
  });
}
