import { startPlatform } from '../platform.ts';
import { type Command, EXIT } from './command.ts';

/** `candlefish seed` */
export const seed: Command = {
  name: 'seed',
  summary: 'Make the demo tenant with its invented data.',
  help: `
Adds the demo tenant, its people, agents and documents where they are missing; what is there stays as it is, so it can be
run again. All of it is invented. \`candlefish up\` does this by itself unless --no-demo is given.`,
  options: {
    data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
  },
  async run({ environment, terminal, values }) {
    const platform = await startPlatform({ environment, target: 'all', listen: false, demo: true });
    try {
      if (values['json'] === true) terminal.out(JSON.stringify({ demo: platform.demo }, null, 2));
      else terminal.out(`demo sign-in: ${platform.demo?.email} / ${platform.demo?.password}`);
      return EXIT.ok;
    } finally {
      await platform.stop();
    }
  },
};
