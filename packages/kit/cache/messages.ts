import { MESSAGE_BYTES_MAX } from '../pubsub/index.ts';

/** What one node tells the others to forget. */
export interface Forget {
  /** The sender, which has forgotten already. */
  readonly node: string;
  readonly tenantId: string;
  /** Pairs of service and name. */
  readonly keys: readonly (readonly [string, string])[];
  readonly tags: readonly string[];
}

/** The same as several messages where one would be too long for the bus. */
export function encodeForget(forget: Forget): readonly string[] {
  const text = JSON.stringify(forget);
  if (Buffer.byteLength(text) <= MESSAGE_BYTES_MAX || forget.keys.length + forget.tags.length <= 1) return [text];
  const [keys, tags] = [Math.ceil(forget.keys.length / 2), Math.ceil(forget.tags.length / 2)];
  const halves =
    forget.tags.length === 0 || forget.keys.length === 0
      ? [
          { ...forget, keys: forget.keys.slice(0, keys), tags: forget.tags.slice(0, tags) },
          { ...forget, keys: forget.keys.slice(keys), tags: forget.tags.slice(tags) },
        ]
      : [
          { ...forget, tags: [] },
          { ...forget, keys: [] },
        ];
  return halves.flatMap(encodeForget);
}

/** Reads a message; null when it is none of ours. */
export function decodeForget(text: string): Forget | null {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof data !== 'object' || data === null) return null;
  const { node, tenantId, keys, tags } = data as Partial<Record<keyof Forget, unknown>>;
  const isPair = (pair: unknown): pair is [string, string] => isStrings(pair) && pair.length === 2;
  if (typeof node !== 'string' || typeof tenantId !== 'string') return null;
  if (!isStrings(tags) || !Array.isArray(keys) || !keys.every(isPair)) return null;
  return { node, tenantId, keys, tags };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
