/** An object of a result that is still being put together. */
export type Data = Record<string, unknown>;

/** Whether the value is an object with named members. */
export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Puts the members of `source` into `target`, objects and lists member by member. What is there already stays where the
 * source has nothing to say. Names come from documents, in which no alias begins with two underscores, so none of them
 * reaches a prototype.
 */
export function mergeInto(target: Data, source: Data): void {
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    const existing = target[key];
    if (existing === undefined || existing === null) target[key] = value;
    else if (value !== null && existing !== value) target[key] = merged(existing, value);
  }
}

function merged(existing: unknown, value: unknown): unknown {
  if (Array.isArray(existing) && Array.isArray(value)) {
    return existing.map((item, index) => (index < value.length ? merged(item, value[index]) : item));
  }
  if (!isData(existing) || !isData(value)) return value ?? existing;
  // A value of a scalar may be shared with the service that gave it; equal ones are told apart from objects to fill.
  if (Object.isFrozen(existing)) return value;
  mergeInto(existing, value);
  return existing;
}

/** A place in the result, as a list from the leaf to the root: made for every entity, read only for errors. */
export interface Place {
  readonly parent: Place | null;
  readonly key: string | number;
}

/** The path of a place, from the root. */
export function pathOf(place: Place | null): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let at = place; at !== null; at = at.parent) path.push(at.key);
  return path.reverse();
}
