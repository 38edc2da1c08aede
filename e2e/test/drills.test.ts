import { testPostgres } from '@candlefish/testkit/postgres';
import { describe, expect, test } from 'vitest';
import { drills } from '../drills/index.ts';
import { runDrill } from '../drills/lib/session.ts';

/** Rows about every operation there is. What the others are about has tests of its own part; `npm run drill` has them all. */
const OF_EVERY_OPERATION: ReadonlySet<string> = new Set(['R10', 'R12', 'R15']);

describe('the battery of reliability and security', () => {
  test.each(drills.filter(({ id }) => OF_EVERY_OPERATION.has(id)))('$id: $what', async (drill) => {
    const { pass, figure } = await runDrill(drill, testPostgres());
    expect(pass, figure).toBe(true);
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
