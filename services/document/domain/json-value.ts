/** Nesting of a value in a map. */
const DEPTH_MAX = 32;

/** What keeps a value from being stored in a map as JSON, or null. */
export function jsonProblem(value: unknown, depth = 0): string | null {
  if (depth > DEPTH_MAX) return `is nested more than ${DEPTH_MAX} levels deep`;
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'string') return value.isWellFormed() ? null : 'holds half of a surrogate pair';
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'holds a number that JSON cannot say';
  if (typeof value !== 'object') return 'is not JSON';
  for (const [key, item] of Object.entries(value)) {
    const problem = (key.isWellFormed() ? null : 'holds half of a surrogate pair') ?? jsonProblem(item, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}
