import { expect, test } from 'vitest';
import { findWords } from '../words.ts';

/** Put together here, since the repository itself must not hold one. */
const MACHINE = ['', 'work', ''].join('/');

test.each([
  ['README.md', `see ${MACHINE}main for it`, `"${MACHINE}" is a path of one machine`],
  ['a.ts', "const home = '/home/someone/x';", '"/home/someone/" is a path of one machine'],
  ['a.sql', '-- TODO index', '"TODO" marks unfinished work: finish it or file an issue'],
  ['a.ts', 'const row = value as any;', '"as any" switches the type check off'],
  ['a.ts', '// @ts-ignore', '"@ts-ignore" switches the type check off'],
  ['services/shop/operations/a.ts', 'run({} as Grant<"x">)', '"as Grant" forges a grant: only authorize gives one'],
  ['packages/kit/http/a.ts', "const name = 'nanda';", '"nanda" is a service: the kit knows none'],
])('%s with %s is found', (path, line, what) => {
  expect(findWords(path, `first\n${line}\n`)).toEqual([{ where: `${path}:2`, what }]);
});

test.each([
  ['README.md', 'GET https://example.org/work/items and ./work/items and /v1/work/items'],
  ['a.ts', '// as good as any other'],
  ['services/nanda/service.ts', "name: 'nanda'"],
  ['packages/kit/test/a.test.ts', "name: 'nanda'"],
  ['packages/kit/context/authorize.ts', 'return granted as Grant<A>'],
])('%s with %s passes', (path, line) => {
  expect(findWords(path, line)).toEqual([]);
});
