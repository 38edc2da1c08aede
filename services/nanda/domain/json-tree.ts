import { type Problems, pointerTo } from './problems.ts';

/** Nesting of a spec: real cards need six levels. */
const DEPTH_MAX = 24;
/** Values in a spec: 256 KiB of the shortest values would be more, and nobody writes them. */
const VALUES_MAX = 20_000;

/**
 * Whether a JSON value can be stored and given back unchanged: nested within bounds, and text without the characters that
 * jsonb refuses (U+0000, halves of surrogate pairs).
 */
export function checkTree(root: unknown, pointer: string, problems: Problems): void {
  const walk = { values: 0 };
  visit(root, pointer, 0, walk, problems);
  if (walk.values > VALUES_MAX) problems.add(pointer, `must have at most ${VALUES_MAX} values`);
}

function visit(value: unknown, pointer: string, depth: number, walk: { values: number }, problems: Problems): void {
  walk.values += 1;
  if (walk.values > VALUES_MAX) return;
  if (typeof value === 'string') checkText(value, pointer, problems);
  else if (typeof value === 'number' && !Number.isFinite(value)) problems.add(pointer, 'is too large a number');
  if (typeof value !== 'object' || value === null) return;
  if (depth >= DEPTH_MAX) {
    problems.add(pointer, `is nested more than ${DEPTH_MAX} levels deep`);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const at = pointerTo(pointer, name);
    if (!Array.isArray(value)) checkText(name, at, problems);
    visit(item, at, depth + 1, walk, problems);
  }
}

function checkText(value: string, pointer: string, problems: Problems): void {
  if (value.includes('\0')) problems.add(pointer, 'must not hold the character U+0000');
  else if (!value.isWellFormed()) problems.add(pointer, 'holds half of a surrogate pair');
}
