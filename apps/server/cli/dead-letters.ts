import { deadLettersOf } from '@candlefish/kit/events';
import { deadJobs, retryDeadJob } from '@candlefish/kit/jobs';
import { startPlatform } from '../platform.ts';
import { openAppDatabase } from './app-database.ts';
import { type Command, EXIT } from './command.ts';
import { withDatabase } from './with-database.ts';

const data = {
  type: 'string',
  value: 'FOLDER',
  help: 'data folder of the embedded database',
  env: 'CANDLEFISH_DATA',
} as const;

/** `candlefish dead-letters list` */
export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'Show events and jobs that failed too often.',
  help: `
An event that a reader could not handle ten times, and a job whose every try failed, are set aside here with the last
error. Mend the cause, then retry them:

  candlefish dead-letters list
  candlefish dead-letters retry event:TENANT:ID
  candlefish dead-letters retry job:ID`,
  options: { data },
  run: (invocation) =>
    withDatabase(invocation, { migrate: false }, async ({ database, config }) => {
      const { terminal, values } = invocation;
      const app = openAppDatabase(database, config);
      try {
        const events = await deadLettersOf(app, null);
        const jobs = await deadJobs(database.jobsUrl);
        if (values['json'] === true) terminal.out(JSON.stringify({ events, jobs }, null, 2));
        else {
          for (const event of events)
            terminal.out(
              `event:${event.tenantId}:${event.id}  ${event.subscriber}  ${event.name}  ${firstLine(event.error)}`,
            );
          for (const job of jobs) terminal.out(`job:${job.id}  ${job.job}  ${firstLine(job.error ?? '')}`);
          if (events.length + jobs.length === 0) terminal.out('There are no dead letters.');
        }
        return EXIT.ok;
      } finally {
        await app.close();
      }
    }),
};

/** `candlefish dead-letters retry` */
export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  summary: 'Handle a dead letter again.',
  help: `
Takes what \`dead-letters list\` shows in its first column. An event is handled at once, in this process; it stays a dead
letter when it fails again. A job goes back to the queue and runs in the platform.`,
  options: { data },
  arguments: ['ID'],
  async run(invocation) {
    const { positionals, terminal, environment } = invocation;
    const [kind, ...rest] = String(positionals[0]).split(':');
    if (kind === 'job') {
      await withDatabase(invocation, { migrate: false }, ({ database }) =>
        retryDeadJob(database.jobsUrl, rest.join(':')),
      );
    } else if (kind === 'event') {
      const [tenantId = '', id = ''] = rest;
      const platform = await startPlatform({ environment, target: 'all', listen: false, demo: false });
      try {
        await platform.retryDeadLetter({ tenantId, id });
      } finally {
        await platform.stop();
      }
    } else throw new Error(`"${positionals[0]}" is neither event:TENANT:ID nor job:ID`);
    terminal.out('done');
    return EXIT.ok;
  },
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
