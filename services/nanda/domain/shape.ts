import { urlProblem } from './endpoint-url.ts';
import { type Problems, pointerTo } from './problems.ts';

/** Looks at a value and adds what is wrong with it. */
export type Shape = (value: unknown, pointer: string, problems: Problems) => void;

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of 1 to `charsMax` characters. */
export const text =
  (charsMax: number): Shape =>
  (value, pointer, problems) => {
    if (typeof value !== 'string') problems.add(pointer, 'must be text');
    else if (value.trim() === '') problems.add(pointer, 'must not be empty');
    else if (value.length > charsMax) problems.add(pointer, `must have at most ${charsMax} characters`);
  };

/** true or false. */
export const flag: Shape = (value, pointer, problems) => {
  if (typeof value !== 'boolean') problems.add(pointer, 'must be true or false');
};

/** A number within bounds, both included. */
export const number =
  (min: number, max = Number.MAX_SAFE_INTEGER): Shape =>
  (value, pointer, problems) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) problems.add(pointer, 'must be a number');
    else if (value < min || value > max) problems.add(pointer, `must be between ${min} and ${max}`);
  };

/** A whole number of at least `min`. */
export const wholeNumber =
  (min: number): Shape =>
  (value, pointer, problems) => {
    if (!Number.isSafeInteger(value) || (value as number) < min) {
      problems.add(pointer, `must be a whole number of at least ${min}`);
    }
  };

/** RFC 3339 text of a moment. */
export const moment: Shape = (value, pointer, problems) => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(Date.parse(value))) {
    problems.add(pointer, 'must be a date and time (RFC 3339)');
  }
};

/** An absolute http or https address that may be called. */
export const httpUrl: Shape = (value, pointer, problems) => {
  const problem = urlProblem(value);
  if (problem !== null) problems.add(pointer, problem);
};

/** Any JSON object. */
export const anyObject: Shape = (value, pointer, problems) => {
  if (!isObject(value)) problems.add(pointer, 'must be an object');
};

/** An array whose items all have a shape. */
export const list =
  (item: Shape, bounds: { readonly min?: number; readonly max: number }): Shape =>
  (value, pointer, problems) => {
    const { min = 0, max } = bounds;
    if (!Array.isArray(value)) return problems.add(pointer, 'must be an array');
    if (value.length < min) problems.add(pointer, `must have at least ${min} ${min === 1 ? 'item' : 'items'}`);
    if (value.length > max) return problems.add(pointer, `must have at most ${max} items`);
    for (const [index, entry] of value.entries()) item(entry, pointerTo(pointer, index), problems);
  };

/** An object with these members. Members it does not name are left alone: both formats are open to extensions. */
export const object =
  (required: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (value, pointer, problems) => {
    if (!isObject(value)) return problems.add(pointer, 'must be an object');
    for (const [name, shape] of Object.entries(required)) {
      if (value[name] === undefined) problems.add(pointerTo(pointer, name), 'is missing');
      else shape(value[name], pointerTo(pointer, name), problems);
    }
    for (const [name, shape] of Object.entries(optional)) {
      // ProtoJSON writers may send null for what is not set.
      if (value[name] !== undefined && value[name] !== null) shape(value[name], pointerTo(pointer, name), problems);
    }
  };
