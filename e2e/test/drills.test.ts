import { testPostgres } from '@candlefish/testkit/postgres';
import { describe, expect, test } from 'vitest';
import { drills } from '../drills/index.ts';
import { runDrill } from '../drills/lib/session.ts';

describe('the battery of reliability and security', () => {
  test('has each row once, in the order of its numbers', () => {
    const numbers = drills.map(({ id }) => Number(id.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  });

  test('a drill that throws or leaves something behind has failed', async () => {
    const postgres = testPostgres();
    const base = { id: 'R0', what: 'nothing' };
    const thrown = { ...base, run: () => Promise.reject(new Error('broken', { cause: new Error('inside') })) };
    expect(await runDrill(thrown, postgres)).toMatchObject({ pass: false, figure: 'did not run: broken: inside' });
    const stubborn = {
      ...base,
      run: async ({ defer }: Parameters<(typeof drills)[number]['run']>[0]) => {
        defer(() => Promise.reject(new Error('stuck')));
        return { pass: true, figure: 'all well' };
      },
    };
    expect(await runDrill(stubborn, postgres)).toMatchObject({ pass: false, figure: 'did not end: stuck' });
  });
});
