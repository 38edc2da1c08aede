import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { type Engine, jsonOf, openEngines } from './graphql-engine-schema.ts';

const { jit, reference } = openEngines();

interface Case {
  readonly name: string;
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** The two word this refusal differently. */
  readonly ownWords?: true;
}

const run = async (engine: Engine, { document, variables, operationName }: Case) =>
  jsonOf(
    await engine.execute({ document: parse(document), operationName, rootValue: undefined, context: {}, variables }),
  );

/** What is refused, where, and all data must be equal. */
const comparable = (result: Awaited<ReturnType<typeof run>>, ownWords: boolean) => {
  const { errors, ...rest } = result;
  const refusals = (errors ?? []).map(({ message, path, extensions }) => ({
    message: ownWords ? 'in its own words' : message,
    path,
    extensions,
  }));
  return { ...rest, errors: refusals.sort((a, b) => String(a.path).localeCompare(String(b.path))) };
};

const same: readonly Case[] = [
  { name: 'scalars of every kind', document: '{ thing(id: "1") { id name size ratio on made at tags blob any } }' },
  { name: 'an alias beside the field', document: '{ a: thing(id: "1") { x: name name } b: thing(id: "2") { name } }' },
  { name: 'a literal argument', document: '{ echo(text: "hi", times: 2) }' },
  { name: 'argument defaults', document: '{ echo }' },
  { name: 'a null literal against a default', document: '{ echo(text: null) }' },
  { name: 'a variable', document: 'query ($t: String!) { echo(text: $t) }', variables: { t: 'hi' } },
  { name: 'a variable default', document: 'query ($t: String = "d") { echo(text: $t) }' },
  { name: 'an unset variable leaves the argument default', document: 'query ($t: String) { echo(text: $t) }' },
  { name: 'an explicit null variable', document: 'query ($t: String) { echo(text: $t) }', variables: { t: null } },
  { name: 'a missing required variable', document: 'query ($t: String!) { echo(text: $t) }' },
  { name: 'a variable of the wrong type', document: 'query ($n: Int) { echo(times: $n) }', variables: { n: 'two' } },
  { name: 'an integer out of range', document: 'query ($n: Int) { echo(times: $n) }', variables: { n: 2 ** 40 } },
  {
    name: 'an input object with defaults',
    document: 'query ($f: Filter) { find(filter: $f) }',
    variables: { f: { kind: 'RED' } },
  },
  {
    name: 'an unknown input field',
    document: 'query ($f: Filter) { find(filter: $f) }',
    variables: { f: { nope: 1 } },
  },
  { name: 'an enum literal', document: '{ find(filter: { kind: GREEN, sizes: [1, 2] }) }' },
  {
    name: 'an unknown enum value',
    document: 'query ($f: Filter) { find(filter: $f) }',
    variables: { f: { kind: 'BLACK' } },
  },
  { name: 'one value for a list', document: 'query ($f: Filter) { find(filter: $f) }', variables: { f: { sizes: 3 } } },
  {
    name: 'a variable inside an input object',
    document: 'query ($n: Int) { find(filter: { sizes: [$n] }) }',
    variables: { n: 4 },
  },
  { name: 'oneOf with one member', document: 'query ($b: By!) { by(by: $b) }', variables: { b: { id: '1' } } },
  { name: 'oneOf literal', document: '{ by(by: { name: "x" }) }' },
  {
    name: 'oneOf with two members',
    document: 'query ($b: By!) { by(by: $b) }',
    variables: { b: { id: '1', name: 'x' } },
  },
  { name: 'oneOf with none', document: 'query ($b: By!) { by(by: $b) }', variables: { b: {} } },
  { name: 'oneOf with a null', document: 'query ($b: By!) { by(by: $b) }', variables: { b: { id: null } } },
  {
    name: 'a date variable',
    document: 'query ($d: DateTime!) { day(at: $d) }',
    variables: { d: '2026-02-28T10:00:00+02:00' },
  },
  {
    name: 'a date that does not exist',
    document: 'query ($d: DateTime!) { day(at: $d) }',
    variables: { d: '2026-02-30T10:00:00Z' },
  },
  {
    name: 'a JSON literal with a variable in it',
    document: 'query ($n: Int) { json(value: { a: [1, "x", null, $n], b: true, c: 1.5 }) }',
    variables: { n: 7 },
  },
  {
    name: 'a JSON variable',
    document: 'query ($j: JSON) { json(value: $j) }',
    variables: { j: { a: [1, { b: null }] } },
  },
  { name: 'bytes', document: 'query ($b: Base64!) { bytes(value: $b) }', variables: { b: 'AAECAw==' } },
  { name: 'a failing nullable field', document: '{ thing(id: "1") { name fails } }' },
  { name: 'a failing field by promise', document: '{ thing(id: "1") { name failsLater } }' },
  { name: 'an error as a value', document: '{ thing(id: "1") { name failsAsValue } }' },
  { name: 'a failing non-null field empties its parent', document: '{ thing(id: "1") { name failsHard } echo }' },
  { name: 'a null in a non-null field empties its parent', document: '{ thing(id: "1") { name nullHard } echo }' },
  { name: 'nulls climb through lists', document: '{ wall { rows { cells { value } } } echo }' },
  { name: 'nulls climb to data', document: '{ mustHave { nullHard } }' },
  { name: 'a failing item of a list', document: '{ mixed { id } }' },
  { name: 'a list of promises', document: '{ later { id name } }' },
  { name: 'a list of lists', document: '{ grid }' },
  { name: 'no list where one should be', document: '{ noList }', ownWords: true },
  { name: 'a value the scalar cannot give', document: '{ badInt }' },
  { name: 'an enum value out of the set', document: '{ badEnum }' },
  { name: 'a union', document: '{ search { __typename ... on Thing { name } ... on Box { label things { id } } } }' },
  {
    name: 'a union by fragment',
    document: '{ search { ...T ...B } } fragment T on Thing { id name } fragment B on Box { label }',
  },
  { name: 'an interface', document: '{ nodes { id ... on Thing { name } ... on Box { label } } }' },
  { name: 'an interface in a fragment on itself', document: '{ nodes { ...N } } fragment N on Node { __typename id }' },
  { name: 'an unknown concrete type', document: '{ stranger { __typename id } }', ownWords: true },
  {
    name: 'fragments that overlap',
    document:
      '{ thing(id: "1") { ...A ...B } } fragment A on Thing { box { label } } fragment B on Thing { box { things { id } } }',
  },
  { name: '@skip literal', document: '{ thing(id: "1") { id name @skip(if: true) } }' },
  {
    name: '@include variable false',
    document: 'query ($w: Boolean!) { thing(id: "1") { id name @include(if: $w) } }',
    variables: { w: false },
  },
  {
    name: '@include variable true',
    document: 'query ($w: Boolean!) { thing(id: "1") { id name @include(if: $w) } }',
    variables: { w: true },
  },
  {
    name: '@skip and @include together',
    document: 'query ($a: Boolean!, $b: Boolean!) { echo @skip(if: $a) @include(if: $b) x: echo }',
    variables: { a: false, b: true },
  },
  {
    name: '@include on a fragment spread',
    document:
      'query ($w: Boolean!) { thing(id: "1") { id ...F @include(if: $w) } } fragment F on Thing { name box { label } }',
    variables: { w: false },
  },
  {
    name: '@skip on an inline fragment',
    document: 'query ($w: Boolean!) { thing(id: "1") { id ... @skip(if: $w) { name } } }',
    variables: { w: true },
  },
  {
    name: 'a field both skipped and plain',
    document: 'query ($w: Boolean!) { thing(id: "1") { name @skip(if: $w) ...F } } fragment F on Thing { name }',
    variables: { w: true },
  },
  {
    name: 'one fragment under two conditions',
    document:
      'query ($a: Boolean!, $b: Boolean!) { x: thing(id: "1") { ...F @include(if: $a) } y: thing(id: "2") { ...F @include(if: $b) } } fragment F on Thing { name }',
    variables: { a: true, b: false },
  },
  {
    name: 'nested conditions',
    document:
      'query ($a: Boolean!, $b: Boolean!) { thing(id: "1") { id ... @include(if: $a) { box @include(if: $b) { label } name } } }',
    variables: { a: true, b: false },
  },
  { name: '__typename at the root', document: '{ __typename thing(id: "1") { __typename } }' },
  {
    name: 'introspection',
    document:
      '{ __type(name: "Thing") { name fields { name type { kind name ofType { name } } } } __schema { queryType { name } } }',
  },
  { name: 'mutations in order', document: 'mutation { a: push(value: 1) b: push(value: 2) c: push(value: 3) }' },
  { name: 'a failing mutation among others', document: 'mutation { a: push(value: 1) x: breaks b: push(value: 2) }' },
  {
    name: 'a non-null mutation that fails',
    document: 'mutation { a: push(value: 1) x: breaksHard b: push(value: 2) }',
  },
  {
    name: 'one of several operations',
    document: 'query A { echo(text: "a") } query B { echo(text: "b") }',
    operationName: 'B',
  },
  { name: 'several operations and no name', document: 'query A { echo } query B { echo }' },
  { name: 'an operation that is not there', document: 'query A { echo }', operationName: 'Z' },
  { name: 'an application error keeps its extensions', document: '{ coded }' },
];

test.each(same)('the compiled engine answers as graphql-js does: $name', async (one) => {
  const [compiled, walked] = [await run(jit, one), await run(reference, one)];
  expect(comparable(compiled, one.ownWords === true)).toEqual(comparable(walked, one.ownWords === true));
});

test('a program is compiled once per document and operation', async () => {
  const document = parse('query A { echo(text: "a") } query B { echo(text: "b") }');
  const request = { document, rootValue: undefined, context: {}, variables: undefined };
  expect(await jit.execute({ ...request, operationName: 'A' })).toEqual({ data: { echo: 'a' } });
  expect(await jit.execute({ ...request, operationName: 'B' })).toEqual({ data: { echo: 'b' } });
  expect(await jit.execute({ ...request, operationName: 'A' })).toEqual({ data: { echo: 'a' } });
});
