import { Emitter, type Listener } from '../emitter.ts';
import { type Message, textOf } from '../messages.ts';
import { type Member, memberOf, membersOf } from './channel-messages.ts';
import { RequestError, type Requests } from './requests.ts';

/** Something that somebody said in a room. */
export interface Said {
  /** Connection of the speaker. */
  readonly from: string;
  readonly data: unknown;
}

/** Events of a room. */
export interface RoomEvents {
  /** Everybody who is there, after each change; empty while there is no connection. */
  members: readonly Member[];
  said: Said;
  /** The room cannot be joined; it is tried again with the next connection. */
  refused: RequestError;
}

/** A room of the channel: who is there with which state, and what is said. Joined anew with each connection. */
export class Room {
  readonly name: string;
  readonly #requests: Requests;
  readonly #events = new Emitter<RoomEvents>();
  readonly #onLeave: () => void;
  #members = new Map<string, Member>();
  #shown: readonly Member[] = [];
  #state: unknown;
  /** The state that the join in progress has sent. */
  #joinedWith: unknown = null;
  #isJoined = false;
  #hasLeft = false;

  constructor(name: string, state: unknown, requests: Requests, onLeave: () => void) {
    this.name = name;
    this.#state = state;
    this.#requests = requests;
    this.#onLeave = onLeave;
  }

  /** Everybody who is there; the same array as long as nothing changes. */
  get members(): readonly Member[] {
    return this.#shown;
  }

  on<Name extends keyof RoomEvents>(name: Name, listener: Listener<RoomEvents[Name]>): () => void {
    return this.#events.on(name, listener);
  }

  /** Tells the others this state, now and with each later connection. */
  setState(state: unknown): void {
    this.#state = state;
    if (this.#isJoined) this.#ask({ type: 'state', room: this.name, state });
  }

  /**
   * Says something to everybody who is there now. It is not kept for those who come later.
   * @throws RequestError when it was not said.
   */
  async say(data: unknown): Promise<void> {
    await this.#requests.ask({ type: 'say', room: this.name, data });
  }

  /** Leaves the room. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#onLeave();
    if (this.#isJoined) this.#ask({ type: 'leave', room: this.name });
    this.#events.clear();
  }

  /** A connection is there. */
  connected(): void {
    this.#joinedWith = this.#state;
    this.#ask({ type: 'join', room: this.name, state: this.#state });
  }

  /** The connection is gone, and with it what is known of others. */
  disconnected(): void {
    this.#isJoined = false;
    this.#members = new Map();
    this.#show();
  }

  /** A message about this room. The answer to `join` is one, too: taken in order with the changes that follow it. */
  receive(message: Message): void {
    if (message.type === 'joined') {
      this.#isJoined = true;
      this.#members = new Map(membersOf(message['members']).map((member) => [member.connectionId, member]));
      this.#show();
      if (this.#joinedWith !== this.#state) this.setState(this.#state);
      return;
    }
    if (message.type === 'said') {
      this.#events.emit('said', { from: textOf(message['from'], ''), data: message['data'] ?? null });
      return;
    }
    const member = memberOf(message['member']);
    if (message['change'] === 'left') this.#members.delete(member.connectionId);
    else this.#members.set(member.connectionId, member);
    this.#show();
  }

  #ask(request: object): void {
    this.#requests.ask(request).catch((error: unknown) => this.#refused(error));
  }

  #refused(error: unknown): void {
    // A request that the connection took with it is repeated by the next one.
    if (!(error instanceof RequestError)) throw error;
    if (error.code !== 'OFFLINE') this.#events.emit('refused', error);
  }

  #show(): void {
    if (this.#members.size === 0 && this.#shown.length === 0) return;
    this.#shown = [...this.#members.values()];
    this.#events.emit('members', this.#shown);
  }
}
