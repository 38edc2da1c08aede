import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { undoUpdate } from '../../domain/undo.ts';

/** A character of the model: who wrote it, and who deleted it. */
interface Character {
  readonly text: string;
  readonly writtenBy: number;
  deletedBy: number | null;
}

/**
 * A text that forgets nothing, as an oracle: characters stay in the list when they are deleted. An insertion goes behind
 * what was deleted at its place, as Yjs does it.
 */
class Model {
  readonly #characters: Character[] = [];

  #placeOf(index: number): number {
    let visible = 0;
    for (const [place, character] of this.#characters.entries()) {
      if (character.deletedBy !== null) continue;
      if (visible === index) return place;
      visible += 1;
    }
    return this.#characters.length;
  }

  insert(index: number, text: string, by: number): void {
    const characters = Array.from(text, (one) => ({ text: one, writtenBy: by, deletedBy: null }));
    this.#characters.splice(this.#placeOf(index), 0, ...characters);
  }

  delete(index: number, length: number, by: number): void {
    for (let left = length; left > 0; left -= 1) {
      const character = this.#characters[this.#placeOf(index)];
      if (character !== undefined) character.deletedBy = by;
    }
  }

  /** The text without what one update did. */
  without(update: number): string {
    return this.#characters
      .filter(({ writtenBy, deletedBy }) => writtenBy !== update && (deletedBy === null || deletedBy === update))
      .map(({ text }) => text)
      .join('');
  }

  get text(): string {
    return this.without(-1);
  }
}

const edit = fc.tuple(fc.nat(100), fc.nat(4), fc.stringMatching(/^[a-z]{1,4}$/));

/** A log of updates as a document keeps it, each by a client of its own. */
function write(edits: readonly (readonly (readonly [number, number, string])[])[]) {
  const model = new Model();
  const log: Uint8Array[] = [];
  for (const [update, call] of edits.entries()) {
    const doc = replay(log);
    const collected: Uint8Array[] = [];
    doc.on('update', (bytes: Uint8Array) => collected.push(bytes));
    const text = doc.getText('content');
    doc.transact(() => {
      for (const [where, length, words] of call) {
        const index = where % (text.length + 1);
        const deleted = Math.min(length, text.length - index);
        if (deleted > 0) {
          text.delete(index, deleted);
          model.delete(index, deleted, update);
        } else {
          text.insert(index, words);
          model.insert(index, words, update);
        }
      }
    });
    log.push(Y.mergeUpdates(collected));
  }
  return { model, log };
}

function replay(log: readonly Uint8Array[], gc = true): Y.Doc {
  const doc = new Y.Doc({ gc });
  doc.getText('content');
  for (const update of log) Y.applyUpdate(doc, update);
  return doc;
}

describe('undoing one update', () => {
  test('takes back what it did to a text and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        (edits, choice) => {
          const { model, log } = write(edits);
          const undone = choice % log.length;
          const present = replay(log);
          expect(present.getText('content').toString()).toBe(model.text);
          const update = log[undone] ?? new Uint8Array();
          const undoing = undoUpdate({ before: replay(log.slice(0, undone), false), update, present });
          if (undoing !== null) Y.applyUpdate(present, undoing.update);
          expect(present.getText('content').toString()).toBe(model.without(undone));
          expect(present.store.pendingStructs).toBeNull();
        },
      ),
      runs(250),
    );
  });

  test('leaves a key that somebody has set since', () => {
    const doc = new Y.Doc();
    const log: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => log.push(update));
    const map = doc.getMap('data');
    map.set('a', 1);
    doc.transact(() => {
      map.set('a', 2);
      map.set('b', 2);
      map.delete('a');
      map.set('a', 3);
    });
    map.set('b', 4);
    const [first, second] = log;
    const before = new Y.Doc({ gc: false });
    before.getMap('data');
    Y.applyUpdate(before, first ?? new Uint8Array());
    const undoing = undoUpdate({ before, update: second ?? new Uint8Array(), present: doc });
    if (undoing !== null) Y.applyUpdate(doc, undoing.update);
    expect(map.toJSON()).toEqual({ a: 1, b: 4 });
  });

  test('leaves a later value of a key that it had overwritten, whoever wrote it', () => {
    // Which of two values at once wins is up to client ids, so many of them are tried.
    for (let client = 1; client <= 40; client += 1) {
      const write = (value: number, log: readonly Uint8Array[], clientID: number): Uint8Array => {
        const doc = replay(log);
        doc.clientID = clientID;
        const before = Y.encodeStateVector(doc);
        doc.getMap('data').set('a', value);
        return Y.encodeStateAsUpdate(doc, before);
      };
      const first = write(1, [], 1_000_000);
      const second = write(2, [first], 2_000_000);
      const third = write(3, [first, second], client * 100_000_000);
      const present = replay([first, second, third]);
      const undoing = undoUpdate({ before: replay([first], false), update: second, present });
      if (undoing !== null) Y.applyUpdate(present, undoing.update);
      expect(present.getMap('data').toJSON()).toEqual({ a: 3 });
    }
  });

  test('brings back a block with all that is in it', () => {
    const doc = new Y.Doc();
    const log: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => log.push(update));
    const xml = doc.getXmlFragment('default');
    const paragraph = (text: string): Y.XmlElement => {
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [new Y.XmlText(text)]);
      return element;
    };
    xml.insert(0, [paragraph('one'), paragraph('two'), paragraph('three')]);
    xml.delete(1, 1);
    xml.insert(2, [paragraph('four')]);
    const [first, second] = log;
    const before = new Y.Doc({ gc: false });
    before.getXmlFragment('default');
    Y.applyUpdate(before, first ?? new Uint8Array());
    const undoing = undoUpdate({ before, update: second ?? new Uint8Array(), present: doc });
    if (undoing !== null) Y.applyUpdate(doc, undoing.update);
    expect(xml.toArray().map((node) => node.toString().replaceAll(/<\/?paragraph>/g, ''))).toEqual([
      'one',
      'two',
      'three',
      'four',
    ]);
  });
});
