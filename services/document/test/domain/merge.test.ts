import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { haveDiverged, mergeInto } from '../../domain/merge.ts';

type Edit = readonly [where: number, length: number, words: string];

const edits = fc.array(fc.tuple(fc.nat(100), fc.nat(3), fc.stringMatching(/^[a-z]{1,3}$/)), { maxLength: 8 });

const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

const textOf = (doc: Y.Doc): string => doc.getText('content').toString();

/** Deletes letters of the base and writes words in brackets behind them. @returns the words. */
function edit(doc: Y.Doc, all: readonly Edit[], name: string): readonly string[] {
  const text = doc.getText('content');
  const written: string[] = [];
  for (const [n, [where, length, words]] of all.entries()) {
    const letters = text.toString().search(/\[|$/);
    const index = where % (letters + 1);
    const deleted = Math.min(length, letters - index);
    if (deleted > 0) text.delete(index, deleted);
    else {
      const word = `[${name}${n}${words}]`;
      text.insert(text.length, word);
      written.push(word);
    }
  }
  return written;
}

describe('merging two descendants of a state', () => {
  test('keeps what either wrote, loses what either deleted, whichever way it goes', () => {
    fc.assert(
      fc.property(fc.nat(20), edits, edits, (letterCount, mine, theirs) => {
        const base = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.slice(0, letterCount);
        const main = new Y.Doc();
        main.getText('content').insert(0, base);
        const vector = Y.encodeStateVector(main);
        const branch = copyOf(main);
        const written = [...edit(main, mine, 'm'), ...edit(branch, theirs, 'b')];
        const [letters, others] = [main, branch].map((doc) => new Set(textOf(doc).replaceAll(/\[.*?\]/g, '')));
        const back = copyOf(branch);
        expect(haveDiverged(vector, main, branch)).toBe(false);
        const elsewhere = copyOf(main);
        mergeInto(back, main);
        const update = mergeInto(main, branch);
        if (update !== null) Y.applyUpdate(elsewhere, update);
        expect([textOf(back), textOf(elsewhere)]).toEqual([textOf(main), textOf(main)]);
        for (const word of written) expect(textOf(main)).toContain(word);
        const left = new Set(textOf(main).replaceAll(/\[.*?\]/g, ''));
        for (const letter of left) expect(letters?.has(letter) && others?.has(letter)).toBe(true);
        expect(mergeInto(main, branch)).toBeNull();
      }),
      runs(150),
    );
  });

  test('is told from one client writing two things under one id', () => {
    const main = new Y.Doc();
    main.getText('content').insert(0, 'base');
    const vector = Y.encodeStateVector(main);
    const branch = copyOf(main);
    for (const [doc, words] of [
      [main, 'one'],
      [branch, 'two'],
    ] as const) {
      doc.clientID = 4711;
      doc.getText('content').insert(0, words);
    }
    expect(haveDiverged(vector, main, branch)).toBe(true);
    expect(haveDiverged(Y.encodeStateVector(branch), main, branch)).toBe(false);
  });
});
