import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { SyncStatuses } from '../../domain/sync-statuses.ts';

type ToServer =
  | { readonly kind: 'step-1'; readonly vector: Uint8Array }
  | {
      readonly kind: 'edit';
      readonly update: Uint8Array;
      readonly edits: readonly number[];
      readonly isAnswer: boolean;
    };
type ToClient = 'hello' | 'step-1' | 'status';

/** What a Hocuspocus 4.7 provider does with its counter, as its source has it, and a server with a log. */
class World {
  readonly doc = new Y.Doc();
  readonly durable = new Set<number>();
  counter = 0;
  made = 0;
  /** Whether an update that only deletes was sent on an open socket before the answer: it is not told as saved. */
  hasEarlyDelete = false;
  #isConnected = false;
  #isResolved = false;
  #hasAnswered = false;
  #queue: ToServer[] = [];
  #up: ToServer[] = [];
  #down: ToClient[] = [];
  #log: { readonly number: number; readonly edits: readonly number[]; readonly isAnswer: boolean }[] = [];
  #statuses = new SyncStatuses();

  edit(isDelete: boolean): void {
    const text = this.doc.getText('t');
    if (isDelete && text.length === 0) return;
    let update: Uint8Array = new Uint8Array();
    this.doc.once('update', (made: Uint8Array) => (update = made));
    if (isDelete) text.delete(0, 1);
    else text.insert(0, 'x');
    this.made += 1;
    this.counter += 1;
    const message = { kind: 'edit', update, edits: [this.made], isAnswer: false } as const;
    if (this.#isConnected) this.#up.push(message);
    else this.#queue.push(message);
    if (isDelete && this.#isConnected && !this.#hasAnswered) this.hasEarlyDelete = true;
  }

  connect(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#isResolved = false;
    this.#hasAnswered = false;
    this.hasEarlyDelete = false;
    this.#statuses = new SyncStatuses();
    this.counter = 1;
    this.#up = [{ kind: 'step-1', vector: Y.encodeStateVector(this.doc) }];
    this.#down = ['hello'];
  }

  /** What was on its way is lost; the log keeps what it had. */
  cut(): void {
    this.#isConnected = false;
    this.#up = [];
    this.#down = [];
    this.#log = [];
  }

  deliverUp(): void {
    const message = this.#up.shift();
    if (message === undefined) return;
    if (message.kind === 'step-1') {
      this.#statuses.begin(message.vector);
      this.#down.push('step-1');
      return;
    }
    const number = this.#statuses.take(message.update, message.isAnswer);
    this.#log.push({ number, edits: message.edits, isAnswer: message.isAnswer });
  }

  deliverDown(): void {
    const message = this.#down.shift();
    if (message === undefined) return;
    if (!this.#isResolved) {
      this.#isResolved = true;
      this.#up.push(...this.#queue.splice(0));
    }
    if (message === 'status') this.counter = Math.max(0, this.counter - 1);
    if (message !== 'step-1') return;
    this.#hasAnswered = true;
    const edits = Array.from({ length: this.made }, (_, index) => index + 1);
    this.#up.push({ kind: 'edit', update: Y.encodeStateAsUpdate(this.doc), edits, isAnswer: true });
  }

  /** The oldest edit gets its answer from the log: an edit waits there for all before it. */
  commit(): void {
    const oldest = this.#log.shift();
    if (oldest === undefined) return;
    const [first = 0] = oldest.edits;
    const isEarly = !oldest.isAnswer && first > 1 && !this.durable.has(first - 1);
    if (isEarly) {
      this.#statuses.refuse(oldest.number, true);
      this.#down.push('step-1');
    } else for (const edit of oldest.edits) this.durable.add(edit);
    for (let due = this.#statuses.settle(oldest.number); due > 0; due -= 1) this.#down.push('status');
  }

  finish(): void {
    this.connect();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      while (this.#up.length > 0) this.deliverUp();
      while (this.#log.length > 0) this.commit();
      while (this.#down.length > 0) this.deliverDown();
    }
  }
}

/** Enough for every message to be answered, and the answers to be. */
const ROUNDS_MAX = 20;

const step = fc.constantFrom('insert', 'delete', 'connect', 'cut', 'up', 'up', 'down', 'down', 'commit', 'commit');

function take(world: World, name: string): void {
  if (name === 'insert' || name === 'delete') world.edit(name === 'delete');
  else if (name === 'connect') world.connect();
  else if (name === 'cut') world.cut();
  else if (name === 'up') world.deliverUp();
  else if (name === 'down') world.deliverDown();
  else world.commit();
}

/** Updates of somebody who types. */
function typing(doc: Y.Doc, text: string): readonly Uint8Array[] {
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  for (const character of text) doc.getText('t').insert(0, character);
  return updates;
}

describe('what a Hocuspocus provider is told of its edits', () => {
  it('never lets it believe that all is saved while an edit is not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new World();
        world.connect();
        for (const name of steps) {
          take(world, name);
          if (world.counter === 0) expect(world.durable.size).toBe(world.made);
        }
      }),
      runs(300),
    );
  });

  it('lets it know in the end that all is saved', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new World();
        world.connect();
        for (const name of steps) take(world, name);
        world.finish();
        expect(world.durable.size).toBe(world.made);
        fc.pre(!world.hasEarlyDelete);
        expect(world.counter).toBe(0);
      }),
      runs(300),
    );
  });

  it('is one word for each edit, also for one that came too early', () => {
    const statuses = new SyncStatuses();
    const doc = new Y.Doc();
    const [away = new Uint8Array()] = typing(doc, 'a');
    statuses.begin(Y.encodeStateVector(doc));
    const [early = new Uint8Array()] = typing(doc, 'b');
    statuses.refuse(statuses.take(early, false), true);
    expect(statuses.settle(1)).toBe(0);
    expect(statuses.settle(statuses.take(away, false))).toBe(0);
    expect(statuses.settle(statuses.take(Y.encodeStateAsUpdate(doc), true))).toBe(2);
    expect(statuses.settle(statuses.take(Y.encodeStateAsUpdate(doc), true))).toBe(0);
  });

  it('is none for an edit that is refused', () => {
    const statuses = new SyncStatuses();
    const [refused, taken] = typing(new Y.Doc(), 'ab').map((update) => statuses.take(update, false));
    statuses.refuse(refused ?? 0, false);
    expect(statuses.settle(taken ?? 0)).toBe(1);
  });

  it('is told at the next connection of a deletion made while it was let in', () => {
    const world = new World();
    world.connect();
    world.edit(false);
    world.finish();
    world.cut();
    world.connect();
    world.edit(true);
    world.finish();
    expect([world.hasEarlyDelete, world.counter]).toEqual([true, 1]);
    world.cut();
    world.finish();
    expect(world.counter).toBe(0);
  });
});
