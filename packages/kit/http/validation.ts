import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type FieldError, platformErrors } from '../errors/index.ts';
import { FORMATS } from '../schema/index.ts';

/** Parts of a request that are validated apart: only a body has types of its own, the others are text to be read. */
export type InputPart = 'params' | 'query' | 'body';

/** Checks one part of a request; fills in defaults and, outside bodies, reads numbers and booleans. */
export type PartValidator = (value: unknown) => void;

const PART_NAMES = { params: 'path', query: 'query', body: 'body' } as const;

/** Problems told at once: more do not help a person. */
const FIELD_ERRORS_MAX = 32;

/** With more errors than this the input is of another kind altogether; only the first is told. */
const EXPLAINED_MAX = 500;

const COMMON = {
  strict: true,
  strictTypes: false,
  useDefaults: true,
  validateFormats: true,
  formats: FORMATS,
  // `checkRoute` has looked: here it would cost the first request of a start 50 ms.
  validateSchema: false,
} as const;

/**
 * Compilers of validators. Each keeps what it compiled by the identity of the schema, and schemas are constants of their
 * services: so a process compiles each of them once, however many servers it starts.
 */
const compilers = {
  body: once(() => new Ajv2020({ ...COMMON, allErrors: false })),
  text: once(() => new Ajv2020({ ...COMMON, allErrors: false, coerceTypes: 'array' })),
  /** Finds every error of an input that was refused already; nothing is filled in a second time. */
  explain: once(() => new Ajv2020({ ...COMMON, useDefaults: false, allErrors: true })),
  /** Knows what a schema may be. */
  meta: once(() => new Ajv2020()),
};

/**
 * A validator that is compiled at its first use: compiling all at the start would cost more than the start itself.
 * @returns a function that throws AppError VALIDATION_FAILED.
 */
export function partValidator(part: InputPart, schema: object): PartValidator {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compilers[part === 'body' ? 'body' : 'text']().compile(schema);
    if (validate(value) === true) {
      if (part !== 'body') refuseHugeNumbers(part, value as Readonly<Record<string, unknown>>);
      return;
    }
    const first = validate.errors ?? [];
    const errors = part === 'body' ? allErrors(schema, value, first) : first;
    throw platformErrors.validationFailed({
      detail: `The ${PART_NAMES[part]} is not as documented.`,
      fields: fieldErrors(errors),
    });
  };
}

/** @throws Error that names what is no JSON Schema (draft 2020-12) in it. */
export function checkSchema(schema: object): void {
  const meta = compilers.meta();
  if (meta.validateSchema(schema) !== true) throw new Error(meta.errorsText(meta.errors, { dataVar: 'schema' }));
}

function allErrors(schema: object, value: unknown, first: readonly ErrorObject[]): readonly ErrorObject[] {
  const explain = compilers.explain().compile(schema);
  explain(value);
  const all = explain.errors ?? [];
  return all.length === 0 || all.length > EXPLAINED_MAX ? first : all;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Text that was read as a number can be `Infinity`, which the bounds of a schema let pass, or lose its last digits. */
function refuseHugeNumbers(part: InputPart, values: Readonly<Record<string, unknown>>): void {
  for (const name in values) {
    const value = values[name];
    if (!(Array.isArray(value) ? value.some(isHuge) : isHuge(value))) continue;
    const detail = `The ${PART_NAMES[part]} is not as documented.`;
    throw platformErrors.validationFailed({ detail, fields: [{ pointer: `/${name}`, message: 'is too large' }] });
  }
}

const isHuge = (value: unknown): boolean => typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER);

/** What is wrong, field by field, without the noise of the branches of a union that were never meant. */
function fieldErrors(errors: readonly ErrorObject[]): readonly FieldError[] {
  const told = new Map<string, FieldError>();
  for (const error of withoutBranches(errors)) {
    const field = { pointer: pointerOf(error), message: messageOf(error) };
    told.set(`${field.pointer} ${field.message}`, field);
    if (told.size >= FIELD_ERRORS_MAX) break;
  }
  return [...told.values()];
}

const UNIONS = new Set(['anyOf', 'oneOf']);
/** Errors of these kinds at the place of the union itself say that the value is of another branch. */
const OTHER_BRANCH = new Set(['type', 'const', 'enum', 'required', 'additionalProperties']);

/** Replaces the errors below each union by those of the one branch that was meant, or by the union's own. */
function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const union = errors.findLast((error) => UNIONS.has(error.keyword));
  if (union === undefined) return errors;
  const prefix = `${union.schemaPath}/`;
  const isBelow = (error: ErrorObject): boolean =>
    error !== union && error.schemaPath.startsWith(prefix) && isWithin(error.instancePath, union.instancePath);
  const below = errors.filter(isBelow);
  const others = errors.filter((error) => error !== union && !isBelow(error));
  const branches = Map.groupBy(below, (error) => error.schemaPath.slice(prefix.length).split('/')[0]);
  const meant = [...branches.values()].filter(
    (branch) => !branch.some((error) => error.instancePath === union.instancePath && OTHER_BRANCH.has(error.keyword)),
  );
  const [only] = meant;
  const kept =
    meant.length === 1 && only !== undefined ? only : [{ ...union, keyword: 'union', params: choices(below) }];
  return [...withoutBranches(others), ...withoutBranches(kept)];
}

const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** The constants that a union of literals offers. */
function choices(below: readonly ErrorObject[]): { readonly allowed: readonly unknown[] } {
  const isLiterals = below.every((error) => error.keyword === 'const');
  return { allowed: isLiterals ? below.map((error) => error.params['allowedValue']) : [] };
}

function pointerOf(error: ErrorObject): string {
  const missing = error.params['missingProperty'] ?? error.params['additionalProperty'];
  return typeof missing === 'string'
    ? `${error.instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : error.instancePath;
}

function messageOf(error: ErrorObject): string {
  const { keyword, params } = error;
  if (keyword === 'required') return 'is missing';
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return 'is not known here';
  if (keyword === 'const') return `must be ${JSON.stringify(params['allowedValue'])}`;
  const allowed: unknown = keyword === 'enum' ? params['allowedValues'] : params['allowed'];
  if (Array.isArray(allowed) && allowed.length > 0)
    return `must be one of ${allowed.map((v) => JSON.stringify(v)).join(', ')}`;
  if (keyword === 'union' || UNIONS.has(keyword)) return 'has none of the documented shapes';
  if (keyword === 'format') return `must be a valid ${String(params['format'])}`;
  return error.message ?? 'is not valid';
}
