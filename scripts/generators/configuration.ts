import type { GeneratedFile, Generator } from '../lib/generation.ts';

/** One setting as a declaration gives it; `Setting` of apps/server/check-config.ts is one. */
export interface DeclaredSetting {
  readonly env: string;
  /** `platform`, or the service that reads it. */
  readonly owner: string;
  readonly doc: string;
  readonly defaultText: string | undefined;
  readonly secret: boolean;
}

/** The table of every environment variable, from the declarations of the server and the services. */
export const configuration: Generator = {
  name: 'configuration',
  outputs: ['docs/configuration.md'],
  async run() {
    // Importing all services takes a second, which only this generator and the server have to spend.
    const [{ settingsOf }, { services }] = await Promise.all([
      import('../../apps/server/check-config.ts'),
      import('../../apps/server/registry.ts'),
    ]);
    return [configurationPage(settingsOf(services))];
  },
};

const HEAD = `# Configuration

Every setting is an environment variable. \`candlefish config check\` reads them all and lists every problem at once;
a process with a setting that cannot be used ends with exit code 2 before it opens anything. An empty variable counts
as not set. Lists are separated by commas. Secrets print as \`[secret]\` wherever configuration is shown.

This page is generated from the declarations (\`npm run generate -- configuration\`).
`;

/** The page that shows the settings, one row each, in sections by who declares them first. */
export function configurationPage(settings: readonly DeclaredSetting[]): GeneratedFile {
  const merged = mergeByName(settings);
  const owners = [...new Set(merged.map(({ owners: [first] }) => first))];
  const sections = owners.map((owner) =>
    section(
      owner,
      merged.filter(({ owners: [first] }) => first === owner),
    ),
  );
  return { path: 'docs/configuration.md', content: `${HEAD}\n${sections.join('\n')}` };
}

interface Row {
  readonly env: string;
  /** Who reads it, the first to declare it first. */
  readonly owners: readonly [string, ...string[]];
  readonly docs: readonly string[];
  readonly defaultText: string | undefined;
  readonly secret: boolean;
}

/**
 * A variable that several read is one row with the words of them all.
 * @throws Error when they disagree about its default: an operator could not tell what holds.
 */
function mergeByName(settings: readonly DeclaredSetting[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { env, owner, doc, defaultText, secret } of settings) {
    const known = rows.get(env);
    if (known === undefined) {
      rows.set(env, { env, owners: [owner], docs: [doc], defaultText, secret });
      continue;
    }
    if (known.defaultText !== defaultText)
      throw new Error(`${env} has two defaults: ${known.defaultText}, ${defaultText}`);
    const owners: Row['owners'] = known.owners.includes(owner) ? known.owners : [...known.owners, owner];
    const docs = known.docs.includes(doc) ? known.docs : [...known.docs, `In ${owner}: ${doc}`];
    rows.set(env, { ...known, owners, docs, secret: known.secret || secret });
  }
  return [...rows.values()];
}

function section(owner: string, rows: readonly Row[]): string {
  const title = owner === 'platform' ? 'Platform' : `Service \`${owner}\``;
  const lines = rows.map((row) => `| \`${row.env}\` | ${defaultOf(row)} | ${meaningOf(row)} |`);
  return [`## ${title}`, '', '| variable | default | meaning |', '|---|---|---|', ...lines, ''].join('\n');
}

/** Defaults are JSON in the declarations; `(none)` stands for a variable that may be absent. */
function defaultOf({ defaultText, secret }: Row): string {
  if (defaultText === undefined) return 'must be set';
  if (secret || ['(none)', '""', '[]'].includes(defaultText)) return '–';
  return `\`${cell(defaultText.replace(/^"(.*)"$/, '$1'))}\``;
}

function meaningOf({ docs, owners: [first, ...others] }: Row): string {
  const also = others.filter((owner) => owner !== first);
  const readers = also.length === 0 ? [] : [`Read by ${also.join(' and ')} too.`];
  return cell([...docs, ...readers].join(' '));
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
