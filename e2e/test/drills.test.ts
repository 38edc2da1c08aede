import { testPostgres } from '@candlefish/testkit/postgres';
import { describe, expect, test } from 'vitest';
import { drills } from '../drills/index.ts';
import { runDrill } from '../drills/lib/session.ts';

/** Rows that take longer than all others together; `npm run drill` has them. */
const LONG = ['R13', 'R19', 'R20', 'R21', 'R23', 'R29', 'R31', 'R32'];
/** Rows that tests show more closely: `packages/kit/test/tenancy.test.ts` and `e2e/test/tenancy-by-every-way.test.ts`. */
const TESTED = ['R1', 'R2', 'R3'];
const DRILLED_APART: ReadonlySet<string> = new Set([...LONG, ...TESTED]);

describe('the battery of reliability and security', () => {
  test.each(drills.filter(({ id }) => !DRILLED_APART.has(id)))('$id: $what', async (drill) => {
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
