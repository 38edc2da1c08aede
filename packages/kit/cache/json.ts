/** A value as it is shared between callers, and its text as it travels. */
export interface Frozen {
  readonly value: unknown;
  readonly text: string;
}

/** Takes a value through JSON. @throws TypeError when JSON would change it: Date, Map, undefined, NaN, class instances, cycles. */
export function freezeJson(value: unknown): Frozen {
  const text = JSON.stringify(value, refuseWhatJsonChanges);
  if (text === undefined) throw new TypeError('a cached value must be JSON, not undefined');
  return { value: thaw(text), text };
}

/** Reads a text that `freezeJson` made. @throws SyntaxError when it is not JSON. */
export const thaw = (text: string): unknown => deepFreeze(JSON.parse(text));

function refuseWhatJsonChanges(this: unknown, key: string, value: unknown): unknown {
  // JSON.stringify calls toJSON before it asks; the holder still has the original.
  const original = typeof this === 'object' && this !== null ? (this as Record<string, unknown>)[key] : value;
  if (!isJson(original)) throw new TypeError(`a cached value must be JSON; "${key}" is ${describe(original)}`);
  return value;
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  // An absent optional field and an undefined one read the same after the trip.
  if (value === undefined) return true;
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return !value.includes(undefined);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'number' ? String(value) : `a ${typeof value}`;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
