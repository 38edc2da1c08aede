import { expect, test } from 'vitest';
import { asTyped, freeName, mentionAt, withMentions } from '../mentions/mention-text.ts';

const ANN = { id: '01', email: 'ann@one.example' };
const OTHER_ANN = { id: '02', email: 'ann@two.example' };
const ANNA = { id: '03', email: 'ann.archer@one.example' };

test.for([
  ['@', { search: '', start: 0 }],
  ['Ask @bo', { search: 'bo', start: 4 }],
  ['(@bo.b', { search: 'bo.b', start: 1 }],
  ['line\n@x', { search: 'x', start: 5 }],
  ['mail ann@one', null],
  ['@ann hello', null],
  ['', null],
] as const)('a mention that is typed is found: %j', ([before, found]) => {
  expect(mentionAt(before)).toEqual(found);
});

test('two people of one name go by their addresses', () => {
  const mentioned = new Map([[freeName(ANN, new Map()), ANN]]);
  expect(freeName(OTHER_ANN, mentioned)).toBe('ann@two.example');
  expect(freeName(ANN, mentioned)).toBe('ann');
});

test('those who were chosen become mentions, and nothing else does', () => {
  const mentioned = new Map([
    ['ann', ANN],
    ['ann.archer', ANNA],
    ['ann@two.example', OTHER_ANN],
  ]);
  expect(withMentions('@ann, @ann.archer and @ann@two.example: not ann, x@ann, @annabel or @bob', mentioned)).toBe(
    '@[ann](user:01), @[ann.archer](user:03) and @[ann@two.example](user:02): not ann, x@ann, @annabel or @bob',
  );
});

test('a stored text comes back as it was typed, and is stored alike again', () => {
  const stored = 'Ask @[ann](user:01) and @[ann@two.example](user:02).';
  const { text, mentioned } = asTyped(stored);
  expect(text).toBe('Ask @ann and @ann@two.example.');
  expect(withMentions(text, mentioned)).toBe(stored);
});
