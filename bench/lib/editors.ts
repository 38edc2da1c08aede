import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { type Dialect, type DialectName, dialects } from './dialect.ts';

/** Who edits what, where and how fast. */
export interface EditorSettings {
  readonly dialect: DialectName;
  /** `ws://host:port` */
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly documentIds: readonly string[];
  readonly editorsPerDocument: number;
  /** Of each editor. */
  readonly editsPerSecond: number;
}

/** What a while of editing gave. */
export interface Edited {
  readonly seconds: number;
  readonly edits: number;
  /** Edits that arrived at another editor, each counted once for each receiver. */
  readonly deliveries: number;
  readonly expected: number;
  readonly frames: number;
  /** From an edit to its arrival at another editor. */
  readonly latencyMs: Quantiles;
  /** From an edit to the word that it is kept. */
  readonly acknowledgedMs: Quantiles;
  /** Edits that no word came for. */
  readonly unacknowledged: number;
}

/** Null without a value. */
export interface Quantiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** Length of a turn of the clock: edits due within it are sent together, editor by editor. */
const TURN_MS = 5;
/** What is under way at the end may arrive for so long. */
const ARRIVAL_MAX_MS = 10_000;
const CONNECT_MAX_MS = 30_000;
/** Sockets that open at once. */
const OPENING_MAX = 50;
/** Characters that a person types at one place before they go on at another. */
const RUN = 20;
/** An editor writes into what it wrote itself: it keeps no copy of what others write, to leave the machine to the server. */
const ROOT = 'content';

/** Times in ms, in room that is there beforehand: a list that grows has the collector copy it while others wait. */
class Times {
  #values = new Float64Array(TIMES_MIN);
  #count = 0;

  push(ms: number): void {
    if (this.#count === this.#values.length) {
      const more = new Float64Array(this.#count * 2);
      more.set(this.#values);
      this.#values = more;
    }
    this.#values[this.#count] = ms;
    this.#count += 1;
  }

  quantiles(): Quantiles {
    const values = this.#values.slice(0, this.#count).sort();
    const at = (share: number): number | null => values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}

const TIMES_MIN = 262_144;
/** Of Yjs: no items and no deletions. */
const EMPTY_UPDATE = new Uint8Array([0, 0]);

/** One while's counts, shared by all editors. */
interface Counts {
  edits: number;
  deliveries: number;
  frames: number;
  readonly latencies: Times;
  readonly acknowledged: Times;
}

const noCounts = (): Counts => ({
  edits: 0,
  deliveries: 0,
  frames: 0,
  latencies: new Times(),
  acknowledged: new Times(),
});

/** Everybody who edits one document, as far as each must know of the others. */
interface Room {
  /** Those who write, by the client id of what they write. */
  readonly writers: Map<number, Editor>;
}

class Editor {
  readonly #dialect: Dialect;
  readonly #documentId: string;
  readonly #room: Room;
  readonly #doc = new Y.Doc();
  /** Edits that were made and are yet to be sent. */
  readonly #prepared: Uint8Array[] = [];
  /** When edits were sent, by clock. */
  #sentAt = new Float64Array(0);
  #edits = 0;
  /** Clock up to which edits of others have arrived, by client id. */
  readonly #seen = new Map<number, number>();
  /** When numbered frames were sent that were edits; not a number for another frame. */
  #frameSentAt = new Float64Array(0);
  #acknowledged = 0;
  #frames = 0;
  #at = 0;
  #socket: WebSocket | null = null;
  counts = noCounts();

  constructor(dialect: Dialect, documentId: string, room: Room) {
    this.#dialect = dialect;
    this.#documentId = documentId;
    this.#room = room;
    room.writers.set(this.#doc.clientID, this);
  }

  async open(origin: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const socket = new WebSocket(`${origin}${this.#dialect.pathOf(this.#documentId)}`, [...this.#dialect.protocols], {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: CONNECT_MAX_MS,
    });
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', (code, reason) => reject(new Error(`closed with ${code} ${reason.toString()}`)));
      socket.once('open', () => {
        for (const frame of this.#dialect.hello(this.#documentId)) socket.send(frame);
        if (!this.#dialect.waitsForReady) resolve();
      });
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) this.#hear(data, resolve);
        else if (data.includes('"joined"')) resolve();
      });
    });
  }

  /** Edits that nobody has acknowledged. */
  get waiting(): number {
    let waiting = 0;
    for (let number = this.#acknowledged + 1; number <= this.#frames; number += 1) {
      if (!Number.isNaN(this.#frameSentAt[number])) waiting += 1;
    }
    return waiting;
  }

  /** When the edit at a clock was sent, in ms. */
  sentAt(clock: number): number {
    return this.#sentAt[clock] ?? Number.NaN;
  }

  /** Makes the next `count` edits, for `edit` to send. */
  prepare(count: number): void {
    const text = this.#doc.getText(ROOT);
    const keep = (update: Uint8Array): number => this.#prepared.push(update);
    this.#doc.on('update', keep);
    const first = this.#edits + this.#prepared.length;
    for (let n = first; n < first + count; n += 1) {
      if (n % RUN === 0) this.#at = Math.floor(Math.random() * (text.length + 1));
      text.insert(this.#at, 'x');
      this.#at += 1;
    }
    this.#doc.off('update', keep);
    // Taken from the end.
    this.#prepared.reverse();
    this.#sentAt = withRoom(this.#sentAt, this.#edits + count);
    this.#frameSentAt = withRoom(this.#frameSentAt, this.#frames + count + 1);
  }

  /** Sends the next of the edits that were made. */
  edit(): void {
    const update = this.#prepared.pop();
    if (update === undefined || this.#socket === null) throw new Error('no edit is there to be sent');
    const now = performance.now();
    this.#frames += 1;
    this.#frameSentAt[this.#frames] = now;
    this.#sentAt[this.#edits] = now;
    this.#edits += 1;
    this.counts.edits += 1;
    this.#socket.send(this.#dialect.edit(this.#documentId, update, this.#frames));
  }

  close(): void {
    this.#socket?.terminate();
  }

  #hear(frame: Buffer, ready: () => void): void {
    const heard = this.#dialect.hear(frame);
    if (heard.kind === 'ready') ready();
    else if (heard.kind === 'step1') {
      // What was made is yet to be sent: a whole answer would hold it.
      if (this.#edits > 0) throw new Error('a server asked for everything in the midst of editing');
      this.#frames += 1;
      this.#frameSentAt = withRoom(this.#frameSentAt, this.#frames + 1);
      this.#socket?.send(this.#dialect.answer(this.#documentId, EMPTY_UPDATE, this.#frames));
    } else if (heard.kind === 'acknowledged') this.#acknowledge(heard.upTo);
    else if (heard.kind === 'update') {
      this.counts.frames += 1;
      this.#arrive(heard.update);
    }
  }

  #acknowledge(upTo: number): void {
    const now = performance.now();
    const until = upTo === -1 ? this.#acknowledged + 1 : upTo;
    while (this.#acknowledged < until) {
      this.#acknowledged += 1;
      const sentAt = this.#frameSentAt[this.#acknowledged];
      if (sentAt !== undefined && !Number.isNaN(sentAt)) this.counts.acknowledged.push(now - sentAt);
    }
  }

  /** Every edit is one character, so a clock is the number of an edit. */
  #arrive(update: Uint8Array): void {
    const now = performance.now();
    for (const [client, to] of Y.parseUpdateMeta(update).to) {
      if (client === this.#doc.clientID) continue;
      const from = this.#seen.get(client) ?? 0;
      const writer = this.#room.writers.get(client);
      if (to <= from || writer === undefined) continue;
      this.#seen.set(client, to);
      this.counts.deliveries += to - from;
      for (let clock = from; clock < to; clock += 1) this.counts.latencies.push(now - writer.sentAt(clock));
    }
  }
}

/** Many people at their keyboards, in this process. */
export class Editors {
  readonly #settings: EditorSettings;
  readonly #editors: Editor[] = [];

  constructor(settings: EditorSettings) {
    this.#settings = settings;
    for (const documentId of settings.documentIds) {
      const room: Room = { writers: new Map() };
      for (let n = 0; n < settings.editorsPerDocument; n += 1) {
        this.#editors.push(new Editor(dialects[settings.dialect], documentId, room));
      }
    }
  }

  async open(): Promise<void> {
    const { origin, headers } = this.#settings;
    for (let start = 0; start < this.#editors.length; start += OPENING_MAX) {
      // A few at a time, as people come.
      await Promise.all(this.#editors.slice(start, start + OPENING_MAX).map((editor) => editor.open(origin, headers)));
    }
  }

  /**
   * Edits at the given rate, whether the server keeps up or not, then waits for what is under way. The edits are made
   * beforehand: people make theirs on machines of their own, and this one is to be left to the server.
   */
  async run(seconds: number): Promise<Edited> {
    const counts = noCounts();
    const each = Math.floor(this.#settings.editsPerSecond * seconds);
    for (const editor of this.#editors) {
      editor.counts = counts;
      editor.prepare(each);
    }
    // What is left of the slice before would be collected in this one, and be taken for the server's slowness.
    globalThis.gc?.();
    const startedAt = performance.now();
    await this.#type(each * this.#editors.length);
    const typedMs = performance.now() - startedAt;
    const expected = counts.edits * (this.#settings.editorsPerDocument - 1);
    const endAt = performance.now() + ARRIVAL_MAX_MS;
    while (counts.deliveries < expected && performance.now() < endAt) await pause(TURN_MS);
    const { edits, deliveries, frames } = counts;
    return {
      seconds: typedMs / 1_000,
      edits,
      deliveries,
      expected,
      frames,
      latencyMs: counts.latencies.quantiles(),
      acknowledgedMs: counts.acknowledged.quantiles(),
      unacknowledged: this.#editors.reduce((sum, editor) => sum + editor.waiting, 0),
    };
  }

  close(): void {
    for (const editor of this.#editors) editor.close();
  }

  /** Editors take turns evenly over the second. */
  async #type(total: number): Promise<void> {
    const perMs = (this.#editors.length * this.#settings.editsPerSecond) / 1_000;
    const startedAt = performance.now();
    let done = 0;
    while (done < total) {
      const due = Math.min(total, Math.floor((performance.now() - startedAt) * perMs));
      for (; done < due; done += 1) this.#editors[done % this.#editors.length]?.edit();
      await pause(TURN_MS);
    }
  }
}

/** The same times with room for more, not a number where there is none yet. */
function withRoom(times: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= times.length) return times;
  const more = new Float64Array(length + TIMES_MORE).fill(Number.NaN);
  more.set(times);
  return more;
}

const TIMES_MORE = 64;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
