import { expect, test } from 'vitest';
import { authorsOf, writtenLines } from '../history/written-lines.ts';

const person = (id: string) => ({ kind: 'user', id, user: { id, email: `${id}@example.test` } });
const [ann, ben] = [person('ann'), person('ben')];

test('pieces of one text are one line, and containers are none', () => {
  const lines = writtenLines(
    [
      { path: ['default'], text: null, actor: ann },
      { path: ['default', 0, 0], text: 'Two ', actor: ann },
      { path: ['default', 0, 0], text: 'coats', actor: ben },
      { path: ['default', 1, 0], text: 'of it', actor: null },
    ],
    'application/vnd.candlefish.richtext',
  );
  expect(lines.map(({ pieces }) => pieces.map(({ text }) => text))).toEqual([['Two ', 'coats'], ['of it']]);
  expect(authorsOf(lines)).toEqual([
    { actor: ann, chars: 4 },
    { actor: ben, chars: 5 },
  ]);
});

test('a value is called by its name', () => {
  const lines = writtenLines([{ path: ['data', 'white', 'price'], text: null, actor: ann }], 'application/json');
  expect(lines.map(({ pieces }) => pieces.map(({ text }) => text))).toEqual([['white › price']]);
});
