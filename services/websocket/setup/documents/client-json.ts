import type { Person } from '../../domain/person.ts';

const TOKEN_BYTES_MAX = 4_096;

/** The token in a message `{"type":"auth","token":"…"}`; null for anything else. */
export function tokenIn(data: Buffer): string | null {
  if (data.length > TOKEN_BYTES_MAX) return null;
  try {
    const message = JSON.parse(data.toString('utf8')) as { readonly type?: unknown; readonly token?: unknown } | null;
    return message?.type === 'auth' && typeof message.token === 'string' ? message.token : null;
  } catch {
    return null;
  }
}

/** The state in a text; null for a client that has left, undefined when it cannot be read. */
export function stateIn(text: string): object | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Who it is stands in the credential; how they look is theirs to choose. */
export function withUser(state: object, user: Person): object {
  const own = (state as { readonly user?: unknown }).user;
  return { ...state, user: { ...(typeof own === 'object' && own !== null ? own : {}), ...user } };
}
