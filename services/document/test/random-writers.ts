import fc from 'fast-check';
import * as Y from 'yjs';
import type { Writer } from '../contract.ts';

const ROOT = 'content';
const WRITERS = 3;

/** One thing that a writer does: deletes a little at a place, writes a word there, perhaps after hearing the others. */
export interface Step {
  readonly who: number;
  readonly at: number;
  readonly remove: number;
  readonly add: string;
  readonly hears: boolean;
}

/** What writers do, one after another. */
export const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    who: fc.nat(WRITERS - 1),
    at: fc.nat(1_000),
    remove: fc.nat(3),
    add: fc.stringMatching(/^[a-z]{0,3}$/),
    hears: fc.boolean(),
  }),
  { minLength: 3, maxLength: 18 },
);

/** An update and whose it is. */
export interface Written {
  readonly update: Uint8Array;
  readonly writer: Writer;
}

/** Writers with replicas of their own, who hear of each other when a script says so. */
export class RandomWriters {
  readonly docs: readonly Y.Doc[];
  /** All that was written, in order. */
  readonly written: Written[] = [];

  /** @param start State that all of them have. */
  constructor(start: Uint8Array = Y.encodeStateAsUpdate(new Y.Doc())) {
    this.docs = Array.from({ length: WRITERS }, (_, who) => {
      const doc = new Y.Doc();
      Y.applyUpdate(doc, start);
      const writer: Writer = { kind: 'user', id: `writer ${who}`, userId: null };
      doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
        if (local) this.written.push({ update, writer });
      });
      return doc;
    });
  }

  /** Does a step. @returns what was written, if anything. */
  do({ who, at, remove, add, hears }: Step): Written | null {
    const doc = this.docs[who];
    if (doc === undefined) throw new Error(`there is no writer ${who}`);
    if (hears) for (const { update } of this.written) Y.applyUpdate(doc, update);
    const before = this.written.length;
    const text = doc.getText(ROOT);
    const index = at % (text.length + 1);
    doc.transact(() => {
      text.delete(index, Math.min(remove, text.length - index));
      text.insert(index, add);
    });
    return this.written[before] ?? null;
  }

  /** What Yjs alone makes of all that was written. */
  merged(): Y.Doc {
    const doc = new Y.Doc();
    for (const { update } of this.written) Y.applyUpdate(doc, update);
    return doc;
  }
}
