import { isPlainObject } from './json-value.ts';

/** A schema that `jsonSchemaProblem` has nothing against. */
export type JsonSchema = boolean | Readonly<Record<string, unknown>>;

/** Where something is wrong, and what. */
export interface JsonSchemaProblem {
  /** RFC 6901 pointer. */
  readonly pointer: string;
  readonly message: string;
}

/** Characters of a schema as JSON text. */
const JSON_SCHEMA_CHARS_MAX = 64 * 1024;
/** Schemas within schemas. */
const DEPTH_MAX = 32;
/** Questions asked of one content: branches can multiply, and an edit waits for the answer. */
const STEPS_MAX = 1_000_000;
/** References and branches followed without going deeper into the value: more is a circle. */
const STILL_MAX = 64;

type Members = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const TYPES: Readonly<Record<string, Check>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: isPlainObject,
};

const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumber: Check = (value) => typeof value === 'number';
const isNames: Check = (value) => Array.isArray(value) && value.every((name) => typeof name === 'string');
const isType: Check = (value) =>
  (Array.isArray(value) ? value : [value]).every((name) => typeof name === 'string' && Object.hasOwn(TYPES, name));
const isAnything: Check = () => true;

/** Keywords with plain values, and what the value must be. */
const PLAIN: Readonly<Record<string, Check>> = {
  type: isType,
  const: isAnything,
  enum: Array.isArray,
  required: isNames,
  minProperties: isCount,
  maxProperties: isCount,
  minItems: isCount,
  maxItems: isCount,
  minLength: isCount,
  maxLength: isCount,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: (value) => typeof value === 'number' && value > 0,
  $ref: (value) => typeof value === 'string' && /^#(\/\$defs\/[^/]+)?$/.test(value),
};
/** Keywords that say something to people only. */
const NOTES: ReadonlySet<string> = new Set(
  '$schema $comment $id title description default examples deprecated readOnly writeOnly format'.split(' '),
);
const ONE_SCHEMA: ReadonlySet<string> = new Set('items additionalProperties propertyNames not if then else'.split(' '));
const SCHEMA_LISTS: ReadonlySet<string> = new Set('allOf anyOf oneOf prefixItems'.split(' '));
const SCHEMAS_BY_NAME: ReadonlySet<string> = new Set('properties $defs'.split(' '));

const step = (pointer: string, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * What is wrong with a schema, or null. The part of JSON Schema (draft 2020-12) that is understood is what takes a time in
 * proportion to the content: no regular expressions (`pattern`), no comparing of all items (`uniqueItems`).
 */
export function jsonSchemaProblem(schema: unknown): JsonSchemaProblem | null {
  if (!isPlainObject(schema)) return { pointer: '', message: 'must be an object' };
  if (JSON.stringify(schema).length > JSON_SCHEMA_CHARS_MAX) {
    return { pointer: '', message: `must have at most ${JSON_SCHEMA_CHARS_MAX} characters` };
  }
  return schemaProblem(schema, schema, '', 0);
}

function schemaProblem(schema: unknown, root: Members, pointer: string, depth: number): JsonSchemaProblem | null {
  if (depth > DEPTH_MAX) return { pointer, message: `is nested more than ${DEPTH_MAX} levels deep` };
  if (typeof schema === 'boolean') return null;
  if (!isPlainObject(schema)) return { pointer, message: 'must be a schema: an object, true or false' };
  for (const [keyword, value] of Object.entries(schema)) {
    const at = step(pointer, keyword);
    const problem = keywordProblem(keyword, value, root, at, depth);
    if (problem !== null) return problem;
  }
  return null;
}

function keywordProblem(
  keyword: string,
  value: unknown,
  root: Members,
  at: string,
  depth: number,
): JsonSchemaProblem | null {
  if (NOTES.has(keyword)) return null;
  if (Object.hasOwn(PLAIN, keyword)) {
    if (PLAIN[keyword]?.(value) !== true)
      return { pointer: at, message: 'has a value that this keyword does not take' };
    const leadsNowhere = keyword === '$ref' && definitionOf(root, String(value)) === undefined;
    return leadsNowhere ? { pointer: at, message: 'leads to no definition' } : null;
  }
  if (ONE_SCHEMA.has(keyword)) return schemaProblem(value, root, at, depth + 1);
  const isList = SCHEMA_LISTS.has(keyword);
  if (!isList && !SCHEMAS_BY_NAME.has(keyword))
    return { pointer: at, message: 'is a keyword that is not understood here' };
  const isGroup = isList ? Array.isArray(value) && value.length > 0 : isPlainObject(value);
  if (!isGroup) return { pointer: at, message: `must be ${isList ? 'a list' : 'an object'} of schemas` };
  for (const [name, member] of Object.entries(value as object)) {
    const problem = schemaProblem(member, root, step(at, name), depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function definitionOf(root: Members, reference: string): JsonSchema | undefined {
  if (reference === '#') return root;
  const definitions = root['$defs'];
  const name = reference.slice('#/$defs/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
  if (!isPlainObject(definitions) || !Object.hasOwn(definitions, name)) return undefined;
  return definitions[name] as JsonSchema;
}

/**
 * What a schema has against a value, or null; the first problem in the order of the value.
 * @param schema One that `jsonSchemaProblem` has nothing against.
 */
export function schemaViolation(schema: JsonSchema, value: unknown): JsonSchemaProblem | null {
  return new Validation(schema).problem(schema, value, '', 0);
}

class Validation {
  readonly #root: Members;
  #steps = 0;

  constructor(root: JsonSchema) {
    this.#root = isPlainObject(root) ? root : {};
  }

  /** @param still References and branches since the last step into the value. */
  problem(schema: JsonSchema, value: unknown, pointer: string, still: number): JsonSchemaProblem | null {
    this.#steps += 1;
    if (this.#steps > STEPS_MAX) return { pointer, message: 'takes too long to check against the schema' };
    if (still > STILL_MAX) return { pointer, message: 'cannot be checked: the schema goes in circles' };
    if (schema === true) return null;
    if (schema === false) return { pointer, message: 'is not allowed' };
    const message = plainProblem(schema, value);
    if (message !== null) return { pointer, message };
    return (
      this.#objectProblem(schema, value, pointer) ??
      this.#listProblem(schema, value, pointer) ??
      this.#branchProblem(schema, value, pointer, still)
    );
  }

  #objectProblem(schema: Members, value: unknown, pointer: string): JsonSchemaProblem | null {
    if (!isPlainObject(value)) return null;
    const { properties = {}, additionalProperties = true, propertyNames = true, required = [] } = schema;
    for (const name of required as readonly string[]) {
      if (!Object.hasOwn(value, name)) return { pointer: step(pointer, name), message: 'is missing' };
    }
    for (const [name, member] of Object.entries(value)) {
      const at = step(pointer, name);
      const own = Object.hasOwn(properties as object, name) ? (properties as Members)[name] : additionalProperties;
      const problem =
        (propertyNames === true ? null : this.problem(propertyNames as JsonSchema, name, at, 0)) ??
        this.problem(own as JsonSchema, member, at, 0);
      if (problem !== null) return problem;
    }
    return null;
  }

  #listProblem(schema: Members, value: unknown, pointer: string): JsonSchemaProblem | null {
    if (!Array.isArray(value)) return null;
    const { prefixItems = [], items = true } = schema;
    for (const [index, item] of value.entries()) {
      const own = (prefixItems as readonly JsonSchema[])[index] ?? (items as JsonSchema);
      const problem = this.problem(own, item, step(pointer, index), 0);
      if (problem !== null) return problem;
    }
    return null;
  }

  #branchProblem(schema: Members, value: unknown, pointer: string, still: number): JsonSchemaProblem | null {
    const against = (inner: unknown): JsonSchemaProblem | null =>
      this.problem(inner as JsonSchema, value, pointer, still + 1);
    const { $ref, allOf = [], anyOf, oneOf, not } = schema;
    if (typeof $ref === 'string') {
      const problem = against(definitionOf(this.#root, $ref) ?? false);
      if (problem !== null) return problem;
    }
    for (const inner of allOf as readonly unknown[]) {
      const problem = against(inner);
      if (problem !== null) return problem;
    }
    if (Array.isArray(anyOf) && !anyOf.some((inner) => against(inner) === null)) {
      return { pointer, message: 'fits none of the forms that are allowed' };
    }
    if (Array.isArray(oneOf) && oneOf.filter((inner) => against(inner) === null).length !== 1) {
      return { pointer, message: 'must fit exactly one of the forms that are allowed' };
    }
    if (not !== undefined && against(not) === null) return { pointer, message: 'has a form that is not allowed' };
    if (schema['if'] === undefined) return null;
    return against((against(schema['if']) === null ? schema['then'] : schema['else']) ?? true);
  }
}

function plainProblem(schema: Members, value: unknown): string | null {
  const { type } = schema;
  if (type !== undefined) {
    const names = (Array.isArray(type) ? type : [type]) as readonly string[];
    if (!names.some((name) => TYPES[name]?.(value) === true)) return `must be of type ${names.join(' or ')}`;
  }
  if ('const' in schema && !isSame(schema['const'], value)) return `must be ${JSON.stringify(schema['const'])}`;
  const values = schema['enum'];
  if (Array.isArray(values) && !values.some((known) => isSame(known, value))) return 'is not one of the allowed values';
  if (typeof value === 'number') return numberProblem(schema, value);
  if (typeof value === 'string') return sizeProblem(schema, 'Length', lengthOf(value), 'characters');
  if (Array.isArray(value)) return sizeProblem(schema, 'Items', value.length, 'items');
  return isPlainObject(value) ? sizeProblem(schema, 'Properties', Object.keys(value).length, 'members') : null;
}

/** Code points, as JSON Schema counts. */
const lengthOf = (text: string): number => Array.from(text).length;

function sizeProblem(schema: Members, what: string, size: number, unit: string): string | null {
  const [min = 0, max = Number.POSITIVE_INFINITY] = [schema[`min${what}`], schema[`max${what}`]] as (
    | number
    | undefined
  )[];
  if (size < min) return `must have at least ${min} ${unit}`;
  return size > max ? `must have at most ${max} ${unit}` : null;
}

function numberProblem(schema: Members, value: number): string | null {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema as Record<
    string,
    number | undefined
  >;
  if (minimum !== undefined && value < minimum) return `must be at least ${minimum}`;
  if (maximum !== undefined && value > maximum) return `must be at most ${maximum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `must be more than ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `must be less than ${exclusiveMaximum}`;
  if (multipleOf === undefined || isMultiple(value, multipleOf)) return null;
  return `must be a multiple of ${multipleOf}`;
}

/** Whether a number is a whole multiple of another one, as far as binary fractions can tell. */
function isMultiple(value: number, of: number): boolean {
  const times = value / of;
  return Number.isInteger(times) || Math.abs(times - Math.round(times)) < Number.EPSILON * Math.abs(times) * 4;
}

function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isPlainObject(one) || !isPlainObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
