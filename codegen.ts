import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodegenConfig } from '@graphql-codegen/cli';

/** How each scalar is held inside: what resolvers get and what they may give. */
const SCALARS = {
  ID: { input: 'string', output: 'string' },
  _FieldSet: { input: 'string', output: 'string' },
  Base64: { input: 'Uint8Array', output: 'Uint8Array' },
  Cursor: { input: 'string', output: 'string' },
  DateTime: { input: 'Date', output: 'Date' },
  JSON: { input: 'unknown', output: 'unknown' },
  PathSegment: { input: 'string | number', output: 'string | number' },
} as const;

/** `export type AgentMapper = …` in a service's graphql-mappers.ts says what its resolvers hold for `Agent`. */
const MAPPER = /^export (?:type|interface) (\w+)Mapper\b/gm;

const MAPPERS_FILE = 'graphql-mappers.ts';

/** Names of the services below `root` that have a subgraph, sorted. */
export const subgraphNames = (root: string): readonly string[] =>
  readdirSync(join(root, 'services'))
    .filter((name) => existsSync(join(root, 'services', name, 'schema.graphql')))
    .sort();

/** The configuration of GraphQL Code Generator: `services/X/schema.generated.ts` with the resolver types of each subgraph. */
export function codegenConfig(root: string): CodegenConfig {
  return {
    silent: true,
    errorsOnly: true,
    // Plugins are found from here, wherever the run begins.
    pluginLoader: (name) => import(name),
    generates: Object.fromEntries(
      subgraphNames(root).map((name) => [
        `services/${name}/schema.generated.ts`,
        {
          schema: join(root, 'services', name, 'schema.graphql'),
          plugins: ['typescript', 'typescript-resolvers'],
          config: {
            federation: true,
            contextType: `./ctx.ts#${contextName(name)}`,
            mappers: mappersOf(root, name),
            scalars: SCALARS,
            strictScalars: true,
            enumsAsTypes: true,
            useTypeImports: true,
            immutableTypes: true,
            inputMaybeValue: 'T | null | undefined',
            // A nullable field has to be said: one that is left out would answer null.
            avoidOptionals: { field: true },
            skipTypename: true,
            importExtension: '.ts',
            allResolversTypeName: 'AnyResolvers',
          },
        },
      ]),
    ),
  };
}

const contextName = (service: string): string => `${service.charAt(0).toUpperCase()}${service.slice(1)}Ctx`;

function mappersOf(root: string, service: string): Readonly<Record<string, string>> {
  const file = join(root, 'services', service, MAPPERS_FILE);
  if (!existsSync(file)) return {};
  const names = Array.from(readFileSync(file, 'utf8').matchAll(MAPPER), (match) => match[1] ?? '');
  return Object.fromEntries(names.map((name) => [name, `./${MAPPERS_FILE}#${name}Mapper`]));
}

export default codegenConfig(import.meta.dirname);
