import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Presented } from '../identity/index.ts';
import type { SocketRoute } from './types.ts';

/** Longest value of the header that offers subprotocols: a ticket and a share link. */
const OFFER_CHARS_MAX = 8_192;

/** Refuses an upgrade with an HTTP status, before there is a socket. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/**
 * Whether a page of this origin may open sockets. Browsers always say where a page comes from; other clients have no
 * ambient credentials to misuse.
 */
export function isAllowedOrigin(
  { headers }: IncomingMessage,
  { origins, publicUrl }: { readonly origins: readonly string[]; readonly publicUrl: URL | undefined },
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.includes(origin) || origin === publicUrl?.origin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The subprotocols a client offers. */
export function offeredProtocols({ headers }: IncomingMessage): readonly string[] {
  const offer = headers['sec-websocket-protocol'];
  if (offer === undefined || offer.length > OFFER_CHARS_MAX) return [];
  return offer.split(',').map((word) => word.trim());
}

/** The offered subprotocols of the form `word.value`, by word, without those that name a protocol of the route. */
export function wordsOf(offered: readonly string[], protocols: readonly string[]): ReadonlyMap<string, string> {
  let words: Map<string, string> | null = null;
  for (const word of offered) {
    const dot = word.indexOf('.');
    if (dot > 0 && !protocols.includes(word)) {
      words ??= new Map();
      words.set(word.slice(0, dot), word.slice(dot + 1));
    }
  }
  return words ?? NO_WORDS;
}

/** Shared by the many connections that bring none. */
const NO_WORDS: ReadonlyMap<string, string> = new Map();

/** The credential in the headers of the upgrade; null when there is none. */
export function presentedBy({ headers }: IncomingMessage): Presented | null {
  const apiKey = headers['x-api-key'];
  if (headers.authorization === undefined && apiKey === undefined) return null;
  return {
    ...(headers.authorization === undefined ? {} : { authorization: headers.authorization }),
    ...(apiKey === undefined ? {} : { apiKey: String(apiKey) }),
  };
}

/** Answers the parameters of an address when it is the route's path, else undefined. */
export function pathMatcher(path: SocketRoute['path']): (address: string) => Record<string, string> | undefined {
  const wanted = path.split('/');
  return (address) => {
    const given = address.split('/');
    if (given.length !== wanted.length) return undefined;
    const params: Record<string, string> = {};
    for (const [index, part] of wanted.entries()) {
      const segment = given[index] ?? '';
      if (!part.startsWith('{')) {
        if (part !== segment) return undefined;
      } else if (segment === '') return undefined;
      else params[part.slice(1, -1)] = segment;
    }
    return params;
  };
}
