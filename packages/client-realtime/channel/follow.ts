import { type Message, textOf } from '../messages.ts';
import { eventOf, type FeedEvent } from './channel-messages.ts';
import { RequestError, type Requests } from './requests.ts';

/** What a follower hears. */
export interface FollowHandlers {
  /** An event, in order: none is left out and none comes twice, over any number of connections. */
  event(event: FeedEvent): void;
  /** The cursor was too old: events before this one may be missing, and what they changed is to be read anew. */
  reset?(cursor: string): void;
  /** The server does not let this caller follow; it is tried again with the next connection. */
  refused?(error: RequestError): void;
}

/** What to follow. */
export interface FollowOptions {
  /** Cursor of the last event that was seen; left out, what happens from now on. */
  readonly after?: string | undefined;
  /** Kinds of events; left out, all. */
  readonly names?: readonly string[] | undefined;
}

/** A follower of the tenant's events that goes on after its cursor with each connection. */
export class Follow {
  readonly #requests: Requests;
  readonly #handlers: FollowHandlers;
  readonly #names: readonly string[] | undefined;
  readonly #onStop: () => void;
  #cursor: string | null;
  /** Number of the request that this connection's events carry; null while there is none. */
  #id: number | null = null;

  constructor({ after, names }: FollowOptions, handlers: FollowHandlers, requests: Requests, onStop: () => void) {
    this.#cursor = after ?? null;
    this.#names = names;
    this.#handlers = handlers;
    this.#requests = requests;
    this.#onStop = onStop;
  }

  /** Where the next session goes on: after the last event that was heard. Null before the first connection. */
  get cursor(): string | null {
    return this.#cursor;
  }

  /** Follows no more. */
  stop(): void {
    this.#onStop();
    const follow = this.#id;
    this.#id = null;
    if (follow === null) return;
    this.#requests.ask({ type: 'unfollow', follow }).catch(() => {
      // It ends with the connection, too.
    });
  }

  /** A connection is there. */
  connected(): void {
    const id = this.#requests.nextId();
    this.#id = id;
    const request = {
      type: 'follow',
      ...(this.#cursor === null ? {} : { after: this.#cursor }),
      ...(this.#names === undefined ? {} : { names: this.#names }),
    };
    const begin = async (): Promise<void> => {
      await this.#requests.ask(request, id);
    };
    begin().catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      if (this.#id === id) this.#id = null;
      if (error.code !== 'OFFLINE') this.#handlers.refused?.(error);
    });
  }

  /** The connection is gone. */
  disconnected(): void {
    this.#id = null;
  }

  /**
   * Takes a message of a follow; false when it is another's. The first word, `following`, tells where it begins: taken in
   * order with the events, not when a promise comes round.
   */
  receive(message: Message): boolean {
    if (this.#id === null) return false;
    if (message.type === 'following' && message['id'] === this.#id) {
      this.#cursor ??= textOf(message['cursor'], '');
      return true;
    }
    if (message['follow'] !== this.#id) return false;
    if (message.type === 'event') {
      const event = eventOf(message);
      // Before the handler: what it throws must not have the event come again.
      this.#cursor = event.cursor;
      this.#handlers.event(event);
    } else if (message.type === 'reset') {
      this.#cursor = textOf(message['cursor'], '');
      this.#handlers.reset?.(this.#cursor);
    }
    return true;
  }
}
