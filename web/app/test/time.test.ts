import { expect, test } from 'vitest';
import { timeWords } from '../time.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

test.for([
  ['2026-11-23T11:59:31Z', 'just now'],
  // A clock that is ahead of this one.
  ['2026-11-23T12:00:05Z', 'just now'],
  ['2026-11-23T11:57:00Z', '3 minutes ago'],
  ['2026-11-23T07:30:00Z', '4 hours ago'],
  ['2026-11-22T11:00:00Z', 'yesterday'],
  ['2026-11-18T11:00:00Z', '5 days ago'],
  ['2026-10-01T11:00:00Z', 'Oct 1, 2026'],
] as const)('%s reads "%s"', ([iso, words]) => {
  expect(timeWords('en-US').ago(iso, NOW)).toBe(words);
});
