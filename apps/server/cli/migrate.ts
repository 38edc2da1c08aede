import { migrate, prepareRoles } from '@candlefish/kit/migrate';
import { migrationSets } from '../registry.ts';
import { derivedPassword } from '../secrets.ts';
import { type Command, EXIT } from './command.ts';
import { withDatabase } from './with-database.ts';

/** `candlefish migrate` */
export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Bring the database to the schema of this release.',
  help: `
Makes the roles and applies the SQL files that are new, each in a transaction of its own, under a lock, so several may
run at once. A file that was changed after it was applied is an error. Safe to run again.

In a cluster run it before the new release starts: every step is one that the release before can live with.
Needs DATABASE_OWNER_URL (or DATABASE_URL of an owner).`,
  options: {
    data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
  },
  run: (invocation) =>
    withDatabase(invocation, { migrate: false }, async ({ database, secret }) => {
      const { values, terminal } = invocation;
      if (database.ownerUrl === null) throw new Error('migrations need the owner: set DATABASE_OWNER_URL');
      await prepareRoles(database.ownerUrl, { appPassword: derivedPassword(secret, 'candlefish_app') });
      const applied = await migrate(database.ownerUrl, migrationSets());
      if (values['json'] === true) terminal.out(JSON.stringify({ applied }, null, 2));
      else if (applied.length === 0) terminal.out('The schema is up to date.');
      else
        for (const one of applied) terminal.out(`applied ${one.set}/${one.file} in ${Math.round(one.durationMs)} ms`);
      return EXIT.ok;
    }),
};
