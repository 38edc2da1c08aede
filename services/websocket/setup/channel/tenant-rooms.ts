import type { PubSub } from '@candlefish/kit/pubsub';
import type { Logger } from '@candlefish/kit/telemetry';
import type { Person } from '../../domain/person.ts';
import type { Roster, RosterChange } from '../roster/roster.ts';

/** What somebody said in a room; travels between nodes as JSON. */
interface Said {
  readonly room: string;
  readonly from: string;
  readonly data: unknown;
}

/** A member of a room as all nodes know it. */
export interface RoomMember {
  readonly user: Person;
  readonly state: unknown;
  /** ISO 8601. */
  readonly since: string;
}

/** Hears what goes on in a room. */
export interface RoomListener {
  changed(room: string, changes: readonly RosterChange[]): void;
  said(room: string, from: string, data: unknown): void;
}

/** What the rooms of a tenant work with. */
export interface TenantRoomsParts {
  readonly tenantId: string;
  readonly pubsub: PubSub;
  readonly roster: Roster;
  readonly log: Logger;
}

/** The rooms of one tenant's channel on this node. */
export class TenantRooms {
  readonly #parts: TenantRoomsParts;
  readonly #listeners = new Map<string, Set<RoomListener>>();
  #unsubscribe: (() => Promise<void>) | null = null;

  constructor(parts: TenantRoomsParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#parts.pubsub.subscribe(this.#channel, (message) => this.#hear(message));
  }

  /** Writes or changes a member of this node. */
  put(room: string, connectionId: string, member: RoomMember): void {
    this.#parts.roster.put(nameOf(room), connectionId, member);
  }

  remove(room: string, connectionId: string): void {
    this.#parts.roster.remove(nameOf(room), connectionId);
  }

  /** Hears a room from now on. @returns what ends it. */
  watch(room: string, listener: RoomListener): () => void {
    const listeners = this.#listeners.get(room) ?? new Set();
    this.#listeners.set(room, listeners.add(listener));
    const stop = this.#parts.roster.watch(nameOf(room), (changes) => listener.changed(room, changes));
    return () => {
      stop();
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(room);
    };
  }

  /** Members of a watched room by connection, when other nodes have had time to tell theirs. */
  async members(room: string): Promise<readonly (readonly [string, RoomMember])[]> {
    await this.#parts.roster.known(nameOf(room));
    return [...this.#parts.roster.entries(nameOf(room))].map(([key, value]) => [key, value as RoomMember]);
  }

  /** Tells everybody in a room. @throws RangeError when it is too large for a message between nodes. */
  say(room: string, from: string, data: unknown): Promise<void> {
    return this.#parts.pubsub.publish(this.#channel, JSON.stringify({ room, from, data } satisfies Said));
  }

  async close(): Promise<void> {
    await this.#unsubscribe?.();
  }

  get #channel(): string {
    return `websocket.said.${this.#parts.tenantId}`;
  }

  #hear(message: string): void {
    const { room, from, data } = JSON.parse(message) as Said;
    for (const listener of [...(this.#listeners.get(room) ?? [])]) listener.said(room, from, data);
  }
}

const nameOf = (room: string): string => `room:${room}`;
