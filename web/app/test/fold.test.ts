import { expect, test } from 'vitest';
import { foldText, nearChanges } from '../changes/fold.ts';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`).join('\n');

test('a long stretch between two changes keeps three lines on both sides', () => {
  const parts = [
    { kind: 'insert', text: 'new\n' },
    { kind: 'equal', text: `${lines(1, 10)}` },
    { kind: 'delete', text: 'old' },
  ] as const;
  expect(foldText(parts)).toEqual([
    parts[0],
    { kind: 'equal', text: `${lines(1, 3)}\n` },
    { kind: 'folded', text: lines(4, 7), lines: 4 },
    { kind: 'equal', text: `\n${lines(8, 10)}` },
    parts[2],
  ]);
});

test('what stands before the first change and behind the last one is folded from the outside', () => {
  const change = { kind: 'insert', text: 'new' } as const;
  const [before, , after] = foldText([
    { kind: 'equal', text: lines(1, 6) },
    change,
    { kind: 'equal', text: lines(7, 12) },
  ]).filter(({ kind }) => kind !== 'equal');
  expect(before).toEqual({ kind: 'folded', text: lines(1, 3), lines: 3 });
  expect(after).toEqual({ kind: 'folded', text: lines(10, 12), lines: 3 });
});

test('nothing is folded that saves no lines', () => {
  const parts = [
    { kind: 'delete', text: 'old' },
    { kind: 'equal', text: lines(1, 7) },
    { kind: 'insert', text: 'new' },
  ] as const;
  expect(foldText(parts)).toEqual(parts);
});

test('a folded text is nowhere else, and nothing is lost', () => {
  const text = lines(1, 40);
  const shown = foldText([
    { kind: 'insert', text: 'a' },
    { kind: 'equal', text },
    { kind: 'delete', text: 'b' },
  ]);
  expect(
    shown
      .slice(1, -1)
      .map((part) => part.text)
      .join('')
      .replaceAll('\n', ''),
  ).toBe(text.replaceAll('\n', ''));
});

test.for([
  ['', '......', 1],
  ['c', 'xx....', 1],
  ['...c', '..xxx.', 1],
  ['...c', '.xxxxx', 2],
] as const)('around the changes of %j %j are shown', ([changed, shown, around]) => {
  const items = Array.from({ length: 6 }, (_, at) => changed[at] === 'c');
  const marks = nearChanges(items, (isChanged) => isChanged, around);
  expect(marks.map((isShown) => (isShown ? 'x' : '.')).join('')).toBe(shown);
});
