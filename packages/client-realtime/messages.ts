/** A JSON message of the server. Fields beyond the type are read one by one, for the sender is another program. */
export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The message of a text frame, or null when it is none. */
export function readMessage(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON: no message. The caller counts it as noise.
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  return typeof (value as { type?: unknown }).type === 'string' ? (value as Message) : null;
}

/** A text field, or the fallback. */
export const textOf = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);

/** A number that is finite, or the fallback. */
export const numberOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;

/** Somebody who is connected. */
export interface ConnectedUser {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/** The user of a message; what the server left out is empty. */
export function userOf(value: unknown): ConnectedUser {
  const user = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { id: textOf(user['id'], ''), name: textOf(user['name'], ''), kind: textOf(user['kind'], '') };
}
