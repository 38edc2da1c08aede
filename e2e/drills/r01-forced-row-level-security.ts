import { proveTenancy } from '@candlefish/kit/tenancy';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';

/** R1: the schema closes tenants to each other, and the application's role cannot open it. */
export const r01: Drill = {
  id: 'R1',
  what: 'every tenant table has forced row-level security, a policy and an index; the application role cannot get round it',
  async run({ network }) {
    const { database, signUp } = await network();
    await signUp();
    const proof = await proveTenancy({ ownerUrl: database.ownerUrl, appUrl: database.appUrl });
    const tally = new Tally();
    tally.check(proof.tables.length > 0, 'there is no table of tenants');
    for (const { subject, problem } of proof.findings) tally.check(false, `${subject} ${problem}`);
    return tally.verdict(`${proof.tables.length} tenant tables, ${proof.exempt.length} exempt by comment, 0 offenders`);
  },
};
