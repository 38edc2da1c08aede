import { proveTenancy } from '@candlefish/kit/tenancy';
import { type Command, EXIT } from './command.ts';
import { withDatabase } from './with-database.ts';

/** `candlefish tenancy prove` */
export const tenancyProve: Command = {
  name: 'tenancy prove',
  summary: 'Prove on the live schema that tenants cannot see each other.',
  help: `
Looks at every table that holds data of a tenant: is row-level security on and forced, does its policy compare the right
thing, has it the index and the foreign key; and at the roles: does the application own or bypass anything. Then tries,
as the application, to read and to write rows of one tenant as another and as none, in a transaction that is rolled back.

Prints what it found; exits with 1 when there is anything. Run it after every migration.`,
  options: {
    data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
  },
  run: (invocation) =>
    withDatabase(invocation, { migrate: false }, async ({ database }) => {
      const { values, terminal } = invocation;
      if (database.ownerUrl === null) throw new Error('the proof needs the owner: set DATABASE_OWNER_URL');
      const proof = await proveTenancy({ ownerUrl: database.ownerUrl, appUrl: database.appUrl });
      if (values['json'] === true) terminal.out(JSON.stringify(proof, null, 2));
      else {
        for (const finding of proof.findings) terminal.out(`${finding.subject}: ${finding.problem}`);
        terminal.out(`${proof.tables.length} tables, ${proof.checks} checks, ${proof.findings.length} findings`);
      }
      return proof.findings.length === 0 ? EXIT.ok : EXIT.failed;
    }),
};
