import type { Static, TSchema } from 'typebox';

/** A kind of event: a fact of the past, in the contract of the service that emits it. */
export interface EventDefinition<Payload extends TSchema = TSchema> {
  /** `service.noun.past-participle.vN`: `service.thing.created.v1`. A changed payload gets a new version beside the old. */
  readonly name: string;
  readonly payload: Payload;
}

/** Declares a kind of event. */
export const defineEvent = <Payload extends TSchema>(definition: EventDefinition<Payload>): EventDefinition<Payload> =>
  definition;

export type PayloadOf<E> = E extends EventDefinition<infer Payload> ? Static<Payload> : never;

/** An event as the log keeps it and readers get it. */
export interface LoggedEvent<Payload = unknown> {
  readonly tenantId: string;
  /** Position in the tenant's log: 1, 2, 3, … without gaps. Clients see it as an opaque cursor. */
  readonly seq: number;
  readonly id: string;
  readonly name: string;
  readonly payload: Payload;
  /** Who caused it: `kind:id`, and the person behind a key or an agent. */
  readonly actorKind: string;
  readonly actorId: string;
  readonly userId: string | null;
  readonly requestId: string;
  readonly occurredAt: Date;
}
