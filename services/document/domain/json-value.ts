/** Nesting of a value in a map. */
const DEPTH_MAX = 32;

/** What keeps a value from being stored in a document as JSON, or null. */
export function jsonProblem(value: unknown, depth = 0, depthMax = DEPTH_MAX): string | null {
  if (depth > depthMax) return `is nested more than ${depthMax} levels deep`;
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'string') return value.isWellFormed() ? null : 'holds half of a surrogate pair';
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'holds a number that JSON cannot say';
  if (typeof value !== 'object') return 'is not JSON';
  for (const [key, item] of Object.entries(value)) {
    const problem =
      (key.isWellFormed() ? null : 'holds half of a surrogate pair') ?? jsonProblem(item, depth + 1, depthMax);
    if (problem !== null) return problem;
  }
  return null;
}

/** Nesting of JSON in a document, shared types and plain values together. */
export const CONTENT_DEPTH_MAX = 64;

/**
 * What keeps a value that stands in a document from being shown as JSON, or null. Text that is no Unicode is shown with
 * U+FFFD and so is no problem.
 * @param depth Levels above the value.
 */
export function sayableProblem(value: unknown, depth: number): string | null {
  if (depth > CONTENT_DEPTH_MAX) return `is nested more than ${CONTENT_DEPTH_MAX} levels deep`;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'holds a number that JSON cannot say';
  if (!Array.isArray(value) && !isPlainObject(value)) return 'holds a value that JSON cannot say';
  for (const item of Object.values(value)) {
    const problem = sayableProblem(item, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

/** Whether a value is an object as JSON has them. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
