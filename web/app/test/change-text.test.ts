import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { changeText } from '../editors/change-text.ts';

const textOf = (words: string): Y.Text => {
  const text = new Y.Doc().getText('t');
  text.insert(0, words);
  return text;
};

test('a text comes to any new wording', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const text = textOf(before);
      changeText(text, after);
      expect(text.toString()).toBe(after);
    }),
  );
});

test('a character of two units is changed as one', () => {
  const text = textOf('😀');
  changeText(text, '😁');
  expect(text.toString()).toBe('😁');
});

test('what both wordings begin and end with stays, so that edits of others in it stay too', () => {
  const text = textOf('Wash the brushes');
  let delta: unknown;
  text.observe((event) => {
    delta = event.delta;
  });
  changeText(text, 'Wash all the brushes');
  expect(delta).toEqual([{ retain: 5 }, { insert: 'all ' }]);
});
