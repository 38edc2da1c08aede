import { type ErrorConstructorOf, platformErrors, typeOf } from '@candlefish/kit/errors';
import { services } from '../../apps/server/registry.ts';
import type { Generator } from '../lib/generation.ts';

const OUTPUT = 'docs/errors.md';

const INTRODUCTION = `# Errors

Every refusal and every fault has a stable code. REST answers it as \`application/problem+json\` (RFC 9457) with the
type, status and code below; GraphQL gives the code in \`extensions.code\`. Branch on the code; show the detail to people.
`;

/** The list of all error codes, from the tables that make them. */
export const errorList: Generator = {
  name: 'errors',
  outputs: [OUTPUT],
  async run() {
    const sections = [
      section('Any operation', platformErrors),
      ...services
        .filter(({ errors }) => Object.keys(errors).length > 0)
        .map(({ name, errors }) => section(name, errors)),
    ];
    refuseClashes();
    return [{ path: OUTPUT, content: `${[INTRODUCTION, ...sections].join('\n')}` }];
  },
};

function section(title: string, errors: Readonly<Record<string, ErrorConstructorOf>>): string {
  const rows = Object.values(errors)
    .map(({ definition }) => definition)
    .toSorted((one, other) => one.status - other.status || (one.code < other.code ? -1 : 1))
    .map((error) => `| \`${error.code}\` | ${error.status} | ${error.title} | \`${typeOf(error)}\` |`);
  return [`## ${title}`, '', '| code | status | meaning | type |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** One code means one thing over the whole platform. @throws Error that names a code used twice. */
function refuseClashes(): void {
  const owners = new Map<string, string>();
  const tables = [{ name: 'the platform', errors: platformErrors }, ...services];
  for (const { name, errors } of tables) {
    for (const { definition } of Object.values<ErrorConstructorOf>(errors)) {
      const owner = owners.get(definition.code);
      if (owner !== undefined) throw new Error(`the error code ${definition.code} is used by ${owner} and ${name}`);
      owners.set(definition.code, name);
    }
  }
}
