import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DefinitionNode, type FragmentDefinitionNode, Kind, parse, print, visit } from 'graphql';
import type { GeneratedFile, Generator } from '../lib/generation.ts';

const FOLDER = 'web/graphql/operations';
const SCHEMA = 'services/graphql/api.generated.graphql';

/** What a scalar is in JSON, where the console reads and writes it. */
const SCALARS = {
  Base64: 'string',
  Cursor: 'string',
  DateTime: 'string',
  ID: 'string',
  JSON: 'unknown',
  PathSegment: 'string | number',
} as const;

/** The operations of the console with their types, one file for each `.graphql` beside it. */
export const consoleOperations: Generator = {
  name: 'console-operations',
  outputs: [`${FOLDER}/*.generated.ts`],
  async run(root) {
    const names = (await readdir(join(root, FOLDER))).filter((name) => name.endsWith('.graphql')).sort();
    // One after the other: the code generator keeps state of its own between its parts.
    const files: GeneratedFile[] = [];
    for (const name of names) files.push(await generateFile(root, name));
    return files;
  },
};

async function generateFile(root: string, name: string): Promise<GeneratedFile> {
  const source = join(root, FOLDER, name);
  const path = `${FOLDER}/${name.replace(/graphql$/, 'generated.ts')}`;
  const { definitions } = parse(await readFile(source, 'utf8'));
  const types = await typesOf(root, source, path);
  const content = ["import { operation } from '../operation.ts';", types.trim(), ...values(definitions)].join('\n\n');
  return { path, content: `${content}\n` };
}

async function typesOf(root: string, documents: string, path: string): Promise<string> {
  const { generate } = await import('@graphql-codegen/cli');
  const files = (await generate(
    {
      silent: true,
      errorsOnly: true,
      cwd: root,
      pluginLoader: (name) => import(name),
      generates: {
        [path]: {
          schema: join(root, SCHEMA),
          documents,
          plugins: ['typescript-operations'],
          config: {
            scalars: SCALARS,
            strictScalars: true,
            immutableTypes: true,
            skipTypename: true,
            enumsAsTypes: true,
            useTypeImports: true,
          },
        },
      },
    },
    false,
  )) as readonly { readonly content: string }[];
  return files.map(({ content }) => content).join('\n');
}

/** `export const documentsQuery = operation<DocumentsQuery, DocumentsQueryVariables>(…)`, its text with its fragments. */
function values(definitions: readonly DefinitionNode[]): readonly string[] {
  const fragments = new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    if (definition.name === undefined) throw new Error('an operation of the console has no name');
    const name = definition.name.value;
    const type = `${name}${capitalised(definition.operation)}`;
    const text = [definition, ...fragmentsOf(definition, fragments)].map((node) => print(node)).join('\n');
    const value = `${name.charAt(0).toLowerCase()}${name.slice(1)}${capitalised(definition.operation)}`;
    return [`export const ${value} = operation<${type}, ${type}Variables>('${name}', \`\n${text}\n\`);`];
  });
}

function fragmentsOf(
  definition: DefinitionNode,
  known: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FragmentDefinitionNode[] {
  const found = new Set<FragmentDefinitionNode>();
  const collect = (node: DefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = known.get(name.value);
        if (fragment === undefined) throw new Error(`fragment ${name.value} is not in the file that uses it`);
        if (found.has(fragment)) return;
        found.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(definition);
  return [...found];
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
