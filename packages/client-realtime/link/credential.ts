/** What lets a connection in. */
export type Credential =
  /** A one-time ticket from `POST /api/v1/ws-tickets`. */
  | { readonly ticket: string }
  /** An access token, sent as the first message. */
  | { readonly token: string }
  /** Request headers, for clients outside browsers. */
  | { readonly headers: Readonly<Record<string, string>> };

/**
 * Gives a fresh credential. It is called for each connection, and with `refresh` when the one in use is about to end: only
 * a `token` can renew a connection that is open, after anything else the link connects anew. `null` connects without one,
 * as with a share link alone.
 */
export type CredentialSource = (purpose: 'connect' | 'refresh') => Credential | null | Promise<Credential | null>;

/** Subprotocols, headers and first message for a credential. */
export interface Admission {
  readonly protocols: readonly string[];
  readonly headers: Readonly<Record<string, string>> | null;
  readonly firstMessage: string | null;
}

/**
 * How a credential is shown.
 * @param protocol The subprotocol that the server is to choose.
 * @param shareToken What opening a share link gave.
 */
export function admission(protocol: string, credential: Credential | null, shareToken: string | null): Admission {
  const protocols = [protocol];
  if (shareToken !== null) protocols.push(`share.${shareToken}`);
  if (credential === null) return { protocols, headers: null, firstMessage: null };
  if ('ticket' in credential) {
    return { protocols: [...protocols, `ticket.${credential.ticket}`], headers: null, firstMessage: null };
  }
  if ('headers' in credential) return { protocols, headers: credential.headers, firstMessage: null };
  return { protocols, headers: null, firstMessage: authMessage(credential.token) };
}

/** The message that shows a token on an open connection. */
export const authMessage = (token: string): string => JSON.stringify({ type: 'auth', token });
