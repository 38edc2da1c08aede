import { expect, test } from 'vitest';
import { Tally } from '../drills/lib/tally.ts';

test('a drill that tried nothing has not passed', () => {
  expect(new Tally().verdict('all well')).toEqual({ pass: false, figure: 'nothing was tried' });
});

test('one failure among many tries fails, and is told', () => {
  const tally = new Tally();
  for (let n = 0; n < 9; n += 1) tally.check(true, 'unused');
  tally.check(false, 'the tenth');
  expect(tally.verdict('all well')).toEqual({ pass: false, figure: '1 of 10 failed: the tenth' });
});
