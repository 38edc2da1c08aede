import { expect, test } from 'vitest';
import { configurationPage, type DeclaredSetting } from '../generators/configuration.ts';

const setting = (env: string, owner: string, over: Partial<DeclaredSetting> = {}): DeclaredSetting => ({
  env,
  owner,
  doc: `What ${env} does.`,
  defaultText: '"x"',
  secret: false,
  ...over,
});

test('each variable is one row in the section of whoever declares it first', () => {
  const { path, content } = configurationPage([
    setting('PORT', 'platform', { defaultText: '8000' }),
    setting('MODE', 'platform'),
    setting('SIGNUPS', 'auth', { defaultText: undefined }),
    setting('MODE', 'auth', { doc: 'It decides more.' }),
  ]);
  expect(path).toBe('docs/configuration.md');
  expect(content.split('\n').filter((line) => /^(##|\| `)/.test(line))).toEqual([
    '## Platform',
    '| `PORT` | `8000` | What PORT does. |',
    '| `MODE` | `x` | What MODE does. In auth: It decides more. Read by auth too. |',
    '## Service `auth`',
    '| `SIGNUPS` | must be set | What SIGNUPS does. |',
  ]);
});

test('a bar in a sentence does not end its cell, and what is secret or absent has no default', () => {
  const { content } = configurationPage([
    setting('EITHER', 'platform', { doc: 'a|b', defaultText: '(none)' }),
    setting('KEY', 'platform', { secret: true, defaultText: '"hunter2"' }),
  ]);
  expect(content).toContain('| `EITHER` | – | a\\|b |');
  expect(content).toContain('| `KEY` | – |');
  expect(content).not.toContain('hunter2');
});

test('two defaults for one variable are refused', () => {
  const settings = [setting('PORT', 'platform', { defaultText: '1' }), setting('PORT', 'auth', { defaultText: '2' })];
  expect(() => configurationPage(settings)).toThrow('PORT has two defaults: 1, 2');
});
