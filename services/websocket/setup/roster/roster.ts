import type { PubSub } from '@candlefish/kit/pubsub';
import type { Logger } from '@candlefish/kit/telemetry';
import { inMessages, type RosterEntry, type RosterMessage } from './messages.ts';

/** What a roster works with. */
export interface RosterParts {
  readonly tenantId: string;
  /** This node, unique over all nodes and starts. */
  readonly node: string;
  readonly pubsub: PubSub;
  readonly log: Logger;
  /** Default: `ROSTER_TIMING`. */
  readonly timing?: RosterTiming;
}

/** How soon nodes are missed. */
export interface RosterTiming {
  readonly beatMs: number;
  /** A node that was not heard for this long is gone, and its entries with it. */
  readonly silenceMs: number;
  /** So long after the last word of lost messages the bus is believed to be back for the other nodes too. */
  readonly settledMs: number;
}

/** A change of a room: an entry that is new or says something else, or (`value` null) is gone. */
export interface RosterChange {
  readonly key: string;
  readonly value: unknown;
  /** Whether listeners did not know the entry. */
  readonly isNew: boolean;
}

/** Hears the changes of a room, those of a moment together. */
export type RosterListener = (changes: readonly RosterChange[]) => void;

/** Changes of this time go out together: a cursor needs no more. */
const GATHER_MS = 75;
/** Two beats may be lost; a bus that is away says so every second. */
const ROSTER_TIMING: RosterTiming = { beatMs: 8_000, silenceMs: 25_000, settledMs: 1_500 };
/** Rooms of few entries are told whole every so many beats, which heals a lost message. */
const RETELL_BEATS = 4;
/** How long others may take to answer who is in a room. */
const ANSWER_MS = 200;

interface Entry {
  readonly value: unknown;
  readonly node: string;
}

interface Room {
  readonly entries: Map<string, Entry>;
  readonly listeners: Set<RosterListener>;
  /** Keys that changed since listeners were told, with their values. */
  changed: Map<string, RosterChange>;
  /** Those of them that a reader of the entries has seen before listeners were told. */
  readonly shown: Set<string>;
  /** When the answers of other nodes are in. */
  readonly known: Promise<void>;
}

/**
 * Who is where in a tenant, over all nodes: rooms of entries, each written by the node that holds its connection. It
 * lives in memory and in hints: a message that is lost makes an entry late by up to half a minute, and a node that dies
 * is forgotten within that time.
 */
export class Roster {
  readonly #parts: RosterParts;
  readonly #own = new Map<string, Map<string, unknown>>();
  readonly #rooms = new Map<string, Room>();
  readonly #nodes = new Map<string, number>();
  #unsent = new Map<string, RosterEntry>();
  #unsubscribe: (() => Promise<void>) | null = null;
  #gathering: NodeJS.Timeout | undefined;
  #beating: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(parts: RosterParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#unsubscribe = await this.#parts.pubsub.subscribe(
      this.#channel,
      (message) => this.#hear(message),
      () => this.#missed(),
    );
    this.#beating = setInterval(() => this.#beat(), this.#timing.beatMs);
    this.#beating.unref();
  }

  /** Whether nobody needs it: no entries of this node, nobody who listens. */
  get isIdle(): boolean {
    return this.#own.size === 0 && this.#rooms.size === 0;
  }

  /** Writes an entry of this node. @param value JSON. */
  put(room: string, key: string, value: unknown): void {
    const own = this.#own.get(room) ?? new Map<string, unknown>();
    this.#own.set(room, own.set(key, value));
    this.#write(room, key, value, this.#parts.node);
    this.#unsent.set(`${room} ${key}`, [room, key, value]);
    this.#gather();
  }

  /** Takes an entry of this node away. */
  remove(room: string, key: string): void {
    const own = this.#own.get(room);
    if (own === undefined || !own.delete(key)) return;
    if (own.size === 0) this.#own.delete(room);
    this.#erase(room, key, this.#parts.node);
    this.#unsent.set(`${room} ${key}`, [room, key, null]);
    this.#gather();
  }

  /** Hears a room from now on; its entries fill up as other nodes answer. @returns what ends it. */
  watch(name: string, listener: RosterListener): () => void {
    const room = this.#room(name);
    room.listeners.add(listener);
    return () => {
      room.listeners.delete(listener);
      if (room.listeners.size === 0) this.#rooms.delete(name);
    };
  }

  /** The entries of a watched room, as far as they are known. */
  *entries(name: string): IterableIterator<readonly [key: string, value: unknown]> {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    for (const [key, { value }] of room.entries) {
      if (room.changed.has(key)) room.shown.add(key);
      yield [key, value];
    }
  }

  /** Resolves when other nodes have had time to say who is in a watched room. */
  async known(name: string): Promise<void> {
    await this.#rooms.get(name)?.known;
  }

  /** Tells the other nodes that this one leaves. */
  async close(): Promise<void> {
    clearInterval(this.#beating);
    clearTimeout(this.#gathering);
    clearTimeout(this.#settling);
    await this.#publish({ kind: 'bye', node: this.#parts.node });
    await this.#unsubscribe?.();
  }

  get #timing(): RosterTiming {
    return this.#parts.timing ?? ROSTER_TIMING;
  }
  get #channel(): string {
    return `websocket.roster.${this.#parts.tenantId}`;
  }

  #room(name: string): Room {
    const found = this.#rooms.get(name);
    if (found !== undefined) return found;
    const { node } = this.#parts;
    const entries = new Map<string, Entry>();
    for (const [key, value] of this.#own.get(name) ?? []) entries.set(key, { value, node });
    const known = new Promise<void>((resolve) => setTimeout(resolve, ANSWER_MS));
    const room: Room = { entries, listeners: new Set(), changed: new Map(), shown: new Set(), known };
    this.#rooms.set(name, room);
    this.#ask([name]);
    return room;
  }

  #write(name: string, key: string, value: unknown, node: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    const isNew = room.changed.get(key)?.isNew ?? !room.entries.has(key);
    room.entries.set(key, { value, node });
    room.changed.set(key, { key, value, isNew });
    this.#gather();
  }

  /** An entry goes only by the word of the node that has it now: connections move between nodes. */
  #erase(name: string, key: string, node: string): void {
    const room = this.#rooms.get(name);
    if (room?.entries.get(key)?.node !== node) return;
    room.entries.delete(key);
    const isNew = room.changed.get(key)?.isNew ?? false;
    // What nobody has heard of need not be told to have gone.
    if (isNew && !room.shown.has(key)) room.changed.delete(key);
    else room.changed.set(key, { key, value: null, isNew });
    this.#gather();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#tell();
    }, GATHER_MS);
  }

  #tell(): void {
    const unsent = [...this.#unsent.values()];
    this.#unsent = new Map();
    const { node } = this.#parts;
    for (const entries of inMessages(unsent)) void this.#publish({ kind: 'put', node, entries });
    for (const room of this.#rooms.values()) {
      if (room.changed.size === 0) continue;
      const changes = [...room.changed.values()];
      room.changed = new Map();
      room.shown.clear();
      for (const listener of [...room.listeners]) listener(changes);
    }
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as RosterMessage;
    const { node } = message;
    if (node === this.#parts.node) return;
    if (message.kind === 'bye') {
      this.#forget(node);
      return;
    }
    const isNew = !this.#nodes.has(node);
    this.#nodes.set(node, performance.now());
    if (message.kind === 'ask') {
      this.#answer(message.rooms);
      return;
    }
    // What this node said while it was thought gone is not known here.
    if (message.kind === 'beat') {
      isNew ? this.#ask([...this.#rooms.keys()]) : undefined;
      return;
    }
    if (message.kind === 'all' && !message.more) this.#replace(message.room, node, message.entries);
    for (const [room, key, value] of message.entries) {
      if (value === null) this.#erase(room, key, node);
      else this.#write(room, key, value, node);
    }
  }

  /** Takes away what a node no longer has in a room. */
  #replace(name: string, node: string, entries: readonly RosterEntry[]): void {
    const keys = new Set(entries.map(([, key]) => key));
    for (const [key, entry] of this.#rooms.get(name)?.entries ?? []) {
      if (entry.node === node && !keys.has(key)) this.#erase(name, key, node);
    }
  }

  #forget(node: string): void {
    this.#nodes.delete(node);
    for (const [name, room] of this.#rooms) {
      for (const [key, entry] of room.entries) if (entry.node === node) this.#erase(name, key, node);
    }
  }

  /** Messages were lost, both ways: others may not have heard the question, nor what changed here. */
  #missed(): void {
    this.#ask([...this.#rooms.keys()]);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#answer([...this.#own.keys()]), this.#timing.settledMs);
    this.#settling.unref();
  }

  #ask(rooms: readonly string[]): void {
    for (const group of inMessages(rooms)) void this.#publish({ kind: 'ask', node: this.#parts.node, rooms: group });
  }

  #answer(rooms: readonly string[]): void {
    const { node } = this.#parts;
    for (const room of rooms) {
      const own = [...(this.#own.get(room) ?? [])].map(([key, value]): RosterEntry => [room, key, value]);
      const groups = inMessages(own);
      for (const [index, entries] of groups.entries()) {
        void this.#publish({ kind: 'all', node, room, more: index > 0, entries });
      }
    }
  }

  #beat(): void {
    this.#beats += 1;
    if (this.#own.size > 0) void this.#publish({ kind: 'beat', node: this.#parts.node });
    if (this.#beats % RETELL_BEATS === 0) this.#answer([...this.#own.keys()]);
    const sinceMs = performance.now() - this.#timing.silenceMs;
    for (const [node, heardAtMs] of this.#nodes) if (heardAtMs < sinceMs) this.#forget(node);
  }

  async #publish(message: RosterMessage): Promise<void> {
    try {
      await this.#parts.pubsub.publish(this.#channel, JSON.stringify(message));
    } catch (error) {
      this.#parts.log.warn({ err: error, kind: message.kind }, 'other nodes were not told who is here');
    }
  }
}
