import { basename } from 'node:path';
import type { StatementText } from '@candlefish/kit/db';
import { type Describer, openDescriber } from '@candlefish/testkit/describe';
import { withMigratedDatabase } from '@candlefish/testkit/migrated-database';
import type { GeneratedFile, Generator } from '../lib/generation.ts';
import { findStatements, type StoreFile } from '../lib/statements.ts';

/** Parameter and row types of every statement, as a migrated database describes them. */
export const rows: Generator = {
  name: 'rows',
  outputs: ['services/*/store/*.rows.generated.ts', 'packages/kit/*/store*.rows.generated.ts'],
  run: (root) => withMigratedDatabase(({ appUrl }) => rowFiles(root, appUrl)),
};

/**
 * The generated files, as a database of the present schema describes the statements.
 * @throws Error that lists every statement which the application may not run, or which has no types.
 */
export async function rowFiles(root: string, appUrl: string): Promise<readonly GeneratedFile[]> {
  const files = await findStatements(root);
  const describer = await openDescriber(appUrl);
  try {
    return await writeFiles(files, describer);
  } finally {
    await describer.end();
  }
}

async function writeFiles(files: readonly StoreFile[], describer: Describer): Promise<readonly GeneratedFile[]> {
  const problems: string[] = [];
  const written: GeneratedFile[] = [];
  for (const { path, statements } of files) {
    const members: string[] = [];
    for (const statement of statements) {
      try {
        members.push(await writeMember(statement, describer));
      } catch (error) {
        problems.push(`${path}: ${statement.name}: ${explain(statement, error)}`);
      }
    }
    written.push({ path: path.replace(/\.ts$/, '.rows.generated.ts'), content: writeFile(path, members) });
  }
  if (problems.length > 0) throw new Error(`${problems.length} statements have no types:\n${problems.join('\n')}`);
  return written;
}

function writeFile(path: string, members: readonly string[]): string {
  const type = `${pascalCase(basename(path, '.ts'))}Statements`;
  const body = members.join('\n');
  const from = path.startsWith('services/') ? '@candlefish/kit/db' : '../db/statement.ts';
  const imports = body.includes('JsonText') ? `import type { JsonText } from '${from}';\n\n` : '';
  return `${imports}export type ${type} = {\n${body}\n};\n`;
}

async function writeMember(statement: StatementText, describer: Describer): Promise<string> {
  const { parameterTypes, columns } = await describer.describe(statement);
  const name = statement.name.slice(statement.name.indexOf('.') + 1);
  const params: string[] = [];
  for (const [index, parameter] of statement.parameters.entries()) {
    const type = await typeScriptOf(parameterTypes[index] ?? 0, describer, 'parameter');
    params.push(`${key(parameter.name)}: ${type}${parameter.optional ? ' | null' : ''}`);
  }
  const hinted = [...statement.notNull, ...statement.nullable];
  const unknown = hinted.find((hint) => !columns.some((column) => column.name === hint));
  if (unknown !== undefined) throw new Error(`hints at a column ${unknown} that it does not answer`);
  const twice = columns.find(
    (column, index) => columns.findIndex(({ name: other }) => other === column.name) !== index,
  );
  if (twice !== undefined) throw new Error(`answers two columns called ${twice.name}`);
  const row: string[] = [];
  for (const { name: column, typeOid, isNotNull } of columns) {
    const type = await typeScriptOf(typeOid, describer, 'row');
    const holds = !statement.nullable.includes(column) && (isNotNull || statement.notNull.includes(column));
    row.push(`${key(column)}: ${type}${holds || type === 'unknown' ? '' : ' | null'}`);
  }
  return `  ${key(name)}: {\n    params: ${writeObject(params)};\n    row: ${writeObject(row)};\n  };`;
}

/** Width of a line, as in the rest of the sources. */
const LINE_CHARS = 120;

function writeObject(members: readonly string[]): string {
  if (members.length === 0) return 'Record<never, never>';
  const line = `{ ${members.join('; ')} }`;
  if (line.length + '    params: ;'.length <= LINE_CHARS) return line;
  return `{\n${members.map((member) => `      ${member};\n`).join('')}    }`;
}

const STRINGS = ['uuid', 'text', 'varchar', 'bpchar', 'name', 'numeric', 'inet', 'cidr', 'date', 'tsquery', 'tsvector'];
const NUMBERS = ['int2', 'int4', 'int8', 'oid', 'float4', 'float8'];

/** The type of a value as `packages/kit/db/wire.ts` reads and writes it. */
async function typeScriptOf(oid: number, describer: Describer, use: 'parameter' | 'row'): Promise<string> {
  const { name, kind, elementOid, baseOid } = await describer.typeOf(oid);
  if (kind === 'd') return typeScriptOf(baseOid, describer, use);
  if (elementOid !== 0) return `readonly ${await typeScriptOf(elementOid, describer, use)}[]`;
  if (kind === 'e' || STRINGS.includes(name)) return 'string';
  if (NUMBERS.includes(name)) return 'number';
  if (name === 'bool') return 'boolean';
  if (name === 'timestamptz') return 'Date';
  if (name === 'bytea') return 'Uint8Array';
  if (name === 'json' || name === 'jsonb') return use === 'parameter' ? 'JsonText' : 'unknown';
  if (name === 'void' && use === 'row') return 'unknown';
  throw new Error(`the type ${name} has no counterpart; cast it in the statement`);
}

/** The message with the line of the statement that it is about. */
function explain({ text }: StatementText, error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const position = 'position' in error ? Number(error.position) : Number.NaN;
  if (!(position > 0 && position <= text.length)) return error.message;
  return `${error.message}, in: ${text.slice(position - 1, position + 40).split('\n')[0]}`;
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`);

const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
