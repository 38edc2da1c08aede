import { checkConfig, settingsOf } from '../check-config.ts';
import { servicesOf } from '../registry.ts';
import { type Command, EXIT } from './command.ts';

/** `candlefish config check` */
export const configCheck: Command = {
  name: 'config check',
  summary: 'Check every setting and show what is in force.',
  help: `
Reads the environment as a start would and reports every problem at once; nothing is started or touched.
Secrets are shown as [secret]. Run it before a deployment:

  candlefish config check --target auth,graphql`,
  options: { target: { type: 'string', value: 'NAMES', help: 'services to check for, or all (default)' } },
  async run({ values, environment, terminal }) {
    const services = servicesOf(String(values['target'] ?? 'all'));
    checkConfig(environment, services);
    const rows = settingsOf(services).map((setting) => {
      const given = environment[setting.env];
      const value =
        given === undefined || given === ''
          ? setting.defaultText
          : setting.secret
            ? '[secret]'
            : withoutPassword(given);
      return { ...setting, value, given: given !== undefined && given !== '' };
    });
    if (values['json'] === true) terminal.out(JSON.stringify({ ok: true, settings: rows }, null, 2));
    else {
      for (const row of rows) terminal.out(`${row.given ? '*' : ' '} ${row.env.padEnd(30)} ${row.value}`);
      terminal.out('\nAll settings can be used; those with * were given.');
    }
    return EXIT.ok;
  },
};

/** Connection strings are no secrets as a whole, but the password in them is. */
function withoutPassword(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  if (url.password !== '') url.password = 'secret';
  return url.href;
}
