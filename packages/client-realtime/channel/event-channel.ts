import { Emitter, type Listener } from '../emitter.ts';
import { type Ending, Link, type LinkOptions } from '../link/link.ts';
import { type ConnectedUser, type Message, textOf, userOf } from '../messages.ts';
import { Follow, type FollowHandlers, type FollowOptions } from './follow.ts';
import { Requests } from './requests.ts';
import { Room } from './room.ts';

/** What a channel needs to know. */
export interface EventChannelOptions extends Pick<LinkOptions, 'credential' | 'openSocket' | 'random' | 'timing'> {
  /** Address of the platform, `http:`, `https:`, `ws:` or `wss:`. */
  readonly url: string;
}

/** `offline` between tries, `connecting` during one, `open` once let in, `closed` for good. */
export type ChannelStatus = 'offline' | 'connecting' | 'open' | 'closed';

/** How it stands with a channel. The object is replaced when something changes. */
export interface ChannelState {
  readonly status: ChannelStatus;
  /** Of this connection; null while there is none. */
  readonly connectionId: string | null;
  /** As whom the server knows this client; null before the first connection. */
  readonly user: ConnectedUser | null;
  readonly tenantId: string | null;
  /** Why the status is `closed`, else null. */
  readonly ending: Ending | null;
}

/** Events of a channel. */
export interface ChannelEvents {
  state: ChannelState;
  /** A try failed on this side: the credential could not be had, or the socket not be made. */
  problem: unknown;
}

const STATUS = { waiting: 'offline', connecting: 'connecting', open: 'open', ended: 'closed' } as const;

/** The channel of a tenant: rooms, who is in them, and the events, over connections that come and go. */
export class EventChannel {
  readonly #link: Link;
  readonly #events = new Emitter<ChannelEvents>();
  readonly #requests: Requests;
  readonly #rooms = new Map<string, Room>();
  readonly #follows = new Set<Follow>();
  #state: ChannelState = { status: 'offline', connectionId: null, user: null, tenantId: null, ending: null };

  constructor(options: EventChannelOptions) {
    const url = `${options.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`;
    this.#requests = new Requests((message) => this.#link.send(JSON.stringify(message)));
    this.#link = new Link(
      { ...options, url, protocol: 'candlefish.v1' },
      {
        phase: (phase) => {
          if (phase !== 'open' && this.#state.status === 'open') this.#disconnected();
          this.#update({ status: STATUS[phase], ...(phase === 'open' ? {} : { connectionId: null }) });
        },
        text: (message) => this.#receive(message),
        binary: () => undefined,
        closed: () => undefined,
        ended: (ending) => this.#update({ ending }),
        failed: (error) => this.#events.emit('problem', error),
        // Any request is answered; this one changes nothing.
        probe: () => JSON.stringify({ id: this.#requests.nextId(), type: 'unfollow', follow: 0 }),
      },
    );
    this.#link.start();
  }

  /** How it stands; the same object as long as nothing changes. */
  get state(): ChannelState {
    return this.#state;
  }

  on<Name extends keyof ChannelEvents>(name: Name, listener: Listener<ChannelEvents[Name]>): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Joins a room, now and with each later connection.
   * @param name 1 to 100 characters of `a-z 0-9 : / _ -`; `tenant` holds everybody who has the channel open.
   * @param state What the others see of this client, as JSON of at most 4,096 characters.
   * @throws Error when this channel is in the room already.
   */
  join(name: string, state: unknown = null): Room {
    if (this.#rooms.has(name)) throw new Error(`this channel is in the room ${name} already`);
    const room = new Room(name, state, this.#requests, () => void this.#rooms.delete(name));
    this.#rooms.set(name, room);
    if (this.#state.status === 'open') room.connected();
    return room;
  }

  /** Follows the tenant's events; needs the permission `event:read`. */
  follow(options: FollowOptions, handlers: FollowHandlers): Follow {
    const follow = new Follow(options, handlers, this.#requests, () => void this.#follows.delete(follow));
    this.#follows.add(follow);
    if (this.#state.status === 'open') follow.connected();
    return follow;
  }

  /** Leaves for good. */
  destroy(): void {
    this.#link.end();
    this.#rooms.clear();
    this.#follows.clear();
    this.#events.clear();
  }

  #receive(message: Message): void {
    if (message.type === 'ready') {
      this.#onReady(message);
      return;
    }
    this.#requests.answer(message);
    const room = this.#rooms.get(textOf(message['room'], ''));
    if (room !== undefined) room.receive(message);
    else for (const follow of this.#follows) if (follow.receive(message)) break;
  }

  #onReady(message: Message): void {
    this.#link.letIn();
    const tenantId = textOf(message['tenantId'], '');
    const connectionId = textOf(message['connectionId'], '');
    this.#update({ connectionId, user: userOf(message['user']), tenantId });
    for (const room of this.#rooms.values()) room.connected();
    for (const follow of this.#follows) follow.connected();
  }

  #disconnected(): void {
    this.#requests.disconnected();
    for (const room of this.#rooms.values()) room.disconnected();
    for (const follow of this.#follows) follow.disconnected();
  }

  #update(change: Partial<ChannelState>): void {
    const next = { ...this.#state, ...change };
    if ((Object.keys(next) as (keyof ChannelState)[]).every((key) => next[key] === this.#state[key])) return;
    this.#state = next;
    this.#events.emit('state', next);
  }
}
