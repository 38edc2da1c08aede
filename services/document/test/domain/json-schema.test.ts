import { runs } from '@candlefish/testkit/property-runs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonSchemaProblem, schemaViolation } from '../../domain/json-schema.ts';

type Members = Readonly<Record<string, unknown>>;

const names = fc.constantFrom('a', 'b', 'c');
const scalars = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 1.5, -3, '', 'a', 'ab', '😀😀'),
  fc.integer({ min: -5, max: 5 }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const count = fc.integer({ min: 0, max: 3 });
const bound = fc.integer({ min: -3, max: 3 });
const { schema } = fc.letrec<{ schema: Members | boolean }>((tie) => {
  const lists = fc.array(tie('schema'), { minLength: 1, maxLength: 2 });
  const type = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object');
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.boolean(),
      fc
        .record(
          {
            type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
            const: scalars,
            minimum: bound,
            exclusiveMaximum: bound,
            multipleOf: fc.constantFrom(1, 2, 0.5),
            maxLength: count,
            minItems: count,
            maxItems: count,
            minProperties: count,
            required: fc.uniqueArray(names, { maxLength: 2 }),
            properties: fc.dictionary(names, tie('schema'), { maxKeys: 2, noNullPrototype: true }),
            additionalProperties: tie('schema'),
            propertyNames: tie('schema'),
            items: tie('schema'),
            prefixItems: lists,
            enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (item) => JSON.stringify(item) }),
            allOf: lists,
            anyOf: lists,
            oneOf: lists,
            not: tie('schema'),
            if: tie('schema'),
            // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
            then: tie('schema'),
            else: tie('schema'),
            $ref: fc.constantFrom('#/$defs/x', '#/$defs/y'),
          },
          { requiredKeys: [] },
        )
        .chain((keywords) => {
          const entries = Object.entries(keywords);
          return fc
            .subarray(entries, { maxLength: Math.min(3, entries.length) })
            .map((some) => Object.fromEntries(some) as Members);
        }),
    ),
  };
});

describe('a schema', () => {
  test('judges values as Ajv does', () => {
    let refused = 0;
    let taken = 0;
    const ajv = new Ajv2020({ strict: false, logger: false });
    fc.assert(
      fc.property(schema, value, (inner, given) => {
        const whole = {
          ...(typeof inner === 'boolean' ? { allOf: [inner] } : inner),
          $defs: { x: { type: 'string' }, y: { type: ['object', 'number'], properties: { a: { type: 'integer' } } } },
        };
        expect(jsonSchemaProblem(whole)).toBeNull();
        const expected = ajv.validate(whole, given);
        ajv.removeSchema(whole);
        expect(schemaViolation(whole, given) === null).toBe(expected);
        if (expected) taken += 1;
        else refused += 1;
      }),
      runs(200),
    );
    expect(Math.min(refused, taken)).toBeGreaterThan(50);
  });

  test('may lead back to itself, for contents as deep as they are', () => {
    const tree = {
      type: 'object',
      properties: { kids: { type: 'array', items: { $ref: '#' } } },
      additionalProperties: false,
    };
    expect(jsonSchemaProblem(tree)).toBeNull();
    expect(schemaViolation(tree, { kids: [{ kids: [] }] })).toBeNull();
    expect(schemaViolation(tree, { kids: [{ kids: [{ x: 1 }] }] })).toMatchObject({ pointer: '/kids/0/kids/0/x' });
  });

  test('that goes in circles or asks without end is refused at the value, in no time', () => {
    const circle = { $ref: '#' };
    expect(schemaViolation(circle, 1)).toMatchObject({ message: expect.stringContaining('circles') });
    const doubling = {
      anyOf: [
        { items: { $ref: '#' }, minItems: 9 },
        { items: { $ref: '#' }, minItems: 9 },
      ],
    };
    const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => Array.from({ length: 9 }, () => inner), 1);
    const begun = performance.now();
    expect(schemaViolation(doubling, deep)).not.toBeNull();
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test.each<[unknown, string]>([
    [null, ''],
    [{ pattern: 'a' }, '/pattern'],
    [{ patternProperties: {} }, '/patternProperties'],
    [{ uniqueItems: true }, '/uniqueItems'],
    [{ type: 'text' }, '/type'],
    [{ properties: { 'a/b': { minimum: '1' } } }, '/properties/a~1b/minimum'],
    [{ anyOf: [] }, '/anyOf'],
    [{ items: 3 }, '/items'],
    [{ $ref: 'https://a.example/schema' }, '/$ref'],
    [{ description: 'x'.repeat(70_000) }, ''],
  ])('%# is refused with its place', (given, pointer) => {
    expect(jsonSchemaProblem(given)).toMatchObject({ pointer });
  });
});
