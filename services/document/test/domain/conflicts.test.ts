import { describe, expect, test } from 'vitest';
import { CHECKLIST, RICH_TEXT } from '../../domain/content-types.ts';
import { findConflicts } from '../../domain/diff/conflicts.ts';

const text = (content: string) => ({ roots: { content }, text: content });
const json = (data: unknown) => ({ roots: { data }, text: '' });
const rich = (...paragraphs: string[]) => ({
  roots: {
    default: {
      type: 'doc',
      content: paragraphs.map((words) => ({ type: 'paragraph', content: [{ type: 'text', text: words }] })),
    },
  },
  text: '',
});
const items = (...texts: string[]) => ({
  roots: { items: texts.map((words, at) => ({ id: String(at), text: words, done: false })) },
  text: '',
});

const places = (base: string, ours: string, theirs: string) =>
  findConflicts({ base: text(base), ours: text(ours), theirs: text(theirs) }, 'text/plain').map((conflict) => [
    conflict.base,
    conflict.ours,
    conflict.theirs,
  ]);

describe('places that both sides changed', () => {
  test.each([
    ['nobody', 'a\nb\n', 'a\nb\n', 'a\nb\n', []],
    ['one side', 'a\nb\n', 'a\nX\n', 'a\nb\n', []],
    ['other lines', 'a\nb\nc\n', 'X\nb\nc\n', 'a\nb\nY\n', []],
    ['neighbouring lines', 'a\nb\n', 'X\nb\n', 'a\nY\n', []],
    ['the same change', 'a\nb\n', 'X\nb\n', 'X\nb\n', []],
    ['the same line', 'a\nb\n', 'X\nb\n', 'Y\nb\n', [['a\n', 'X\n', 'Y\n']]],
    ['words of one line', 'one two\n', 'ONE two\n', 'one TWO\n', [['one two\n', 'ONE two\n', 'one TWO\n']]],
    ['a line deleted and changed', 'a\nb\nc\n', 'a\nc\n', 'a\nB\nc\n', [['b\n', '', 'B\n']]],
    ['lines put in at one place', 'a\nb\n', 'a\nX\nb\n', 'a\nY\nb\n', [['', 'X\n', 'Y\n']]],
    ['the last line without its end', 'a', 'X', 'Y', [['a', 'X', 'Y']]],
    ['an empty text', '', 'X', 'Y', [['', 'X', 'Y']]],
  ])('are found in a text: %s', (_name, base, ours, theirs, expected) => {
    expect(places(base, ours, theirs)).toEqual(expected);
  });

  test('are blocks of rich text and items of checklists', () => {
    const states = {
      base: rich('buy some milk', 'same', 'call the mayor'),
      ours: rich('buy some bread', 'same', 'call the mayor now'),
      theirs: rich('buy some beer', 'same', 'call the mayor'),
    };
    expect(findConflicts(states, RICH_TEXT)).toEqual([
      { root: 'default', path: '', base: 'buy some milk', ours: 'buy some bread', theirs: 'buy some beer' },
    ]);
    const lists = { base: items('a b'), ours: items('a c'), theirs: items('a d') };
    expect(findConflicts(lists, CHECKLIST)).toMatchObject([{ root: 'items', base: 'a b', ours: 'a c', theirs: 'a d' }]);
  });

  test('are keys of JSON by their pointers', () => {
    const states = {
      base: json({ a: 1, b: { c: 1, d: 1 }, 'x/y': 1 }),
      ours: json({ a: 2, b: { c: 2, d: 1 }, e: 1 }),
      theirs: json({ a: 2, b: { c: 3, d: 2 }, 'x/y': 2, e: 2 }),
    };
    expect(findConflicts(states, 'application/json')).toEqual([
      { root: 'data', path: '/b/c', base: 1, ours: 2, theirs: 3 },
      { root: 'data', path: '/x~1y', base: 1, ours: null, theirs: 2 },
      { root: 'data', path: '/e', base: null, ours: 1, theirs: 2 },
    ]);
  });
});
