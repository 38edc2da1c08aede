import { type ConnectedUser, type Message, textOf, userOf } from '../messages.ts';

/** Somebody in a room. */
export interface Member<State = unknown> {
  readonly connectionId: string;
  readonly user: ConnectedUser;
  /** What they told of themselves; null when nothing. */
  readonly state: State | null;
  /** ISO 8601. */
  readonly since: string;
}

/** An event of the tenant. */
export interface FeedEvent {
  /** Where to go on after it. */
  readonly cursor: string;
  /** As `document.document.created.v1`. */
  readonly name: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly userId: string | null };
  readonly payload: unknown;
}

/** The member of a message. */
export function memberOf(value: unknown): Member {
  const member = objectOf(value);
  return {
    connectionId: textOf(member['connectionId'], ''),
    user: userOf(member['user']),
    state: member['state'] ?? null,
    since: textOf(member['since'], ''),
  };
}

/** The event of a message of type `event`. */
export function eventOf(message: Message): FeedEvent {
  const actor = objectOf(message['actor']);
  const userId = actor['userId'];
  return {
    cursor: textOf(message['cursor'], ''),
    name: textOf(message['name'], ''),
    occurredAt: textOf(message['occurredAt'], ''),
    actor: {
      kind: textOf(actor['kind'], ''),
      id: textOf(actor['id'], ''),
      userId: typeof userId === 'string' ? userId : null,
    },
    payload: message['payload'] ?? null,
  };
}

/** The members of a message of type `joined`. */
export const membersOf = (value: unknown): readonly Member[] => (Array.isArray(value) ? value.map(memberOf) : []);

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
