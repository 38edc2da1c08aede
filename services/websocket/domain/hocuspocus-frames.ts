/**
 * The messages of Hocuspocus: those of y-websocket with the document's address in front, and some of its own. An address is
 * the document's id, or the id, a NUL and a word that tells several providers of one document apart.
 */
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { encode, writeVarString, writeVarUint } from 'lib0/encoding';

/** Kinds of messages that y-websocket has as well. */
const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
/** Kinds of its own. */
const AUTH = 2;
const STATELESS = 5;
const CLOSE = 7;
const SYNC_STATUS = 8;
const PONG = 10;
/** Kinds of messages about credentials. */
const TOKEN = 0;
const DENIED = 1;
const AUTHENTICATED = 2;

/** An id, and a word of the client's choice behind it. */
const ADDRESS_BYTES_MAX = 200;
/** Longest token: what the first message of other sockets may have. */
const TOKEN_CHARS_MAX = 4_096;
const SESSION_MARK = '\0';

/** What a client says about one document. */
export type HocuspocusMessage =
  | { readonly type: 'token'; readonly address: string; readonly token: string }
  /** A message of y-websocket. */
  | { readonly type: 'inner'; readonly address: string; readonly message: Buffer }
  | { readonly type: 'leave'; readonly address: string }
  | { readonly type: 'stateless'; readonly address: string };

/** Reads a binary message of a client; null for the answer to a ping. @throws Error when it is none. */
export function readHocuspocusMessage(data: Buffer): HocuspocusMessage | null {
  if (data.length === 1 && data[0] === PONG) return null;
  const decoder = createDecoder(data);
  const address = readVarString(decoder);
  if (address === '' || decoder.pos > ADDRESS_BYTES_MAX) throw new Error('no address of a document');
  const start = decoder.pos;
  switch (readVarUint(decoder)) {
    case SYNC:
    case AWARENESS:
    case QUERY_AWARENESS:
      return { type: 'inner', address, message: data.subarray(start) };
    case AUTH: {
      if (readVarUint(decoder) !== TOKEN) throw new Error('only the server lets in');
      const token = readVarString(decoder);
      if (token.length > TOKEN_CHARS_MAX) throw new Error('too long a token');
      return { type: 'token', address, token };
    }
    case STATELESS:
      return { type: 'stateless', address };
    case CLOSE:
      return { type: 'leave', address };
    default:
      throw new Error('an unknown kind of message');
  }
}

/** The document of an address; of a longer name, a part that is no document's id. */
export const documentIdIn = (address: string): string =>
  (address.split(SESSION_MARK, 1)[0] ?? '').slice(0, DOCUMENT_ID_CHARS_MAX);

/** An id has 36 characters; this is what joining takes. */
const DOCUMENT_ID_CHARS_MAX = 100;

/** A share link's value in a token, `share.<value>`; null for the token of a credential. */
export const shareIn = (token: string): string | null =>
  token.startsWith(SHARE_MARK) ? token.slice(SHARE_MARK.length) : null;

const SHARE_MARK = 'share.';

/** What stands in front of every message about a document. */
export const addressPrefix = (address: string): Uint8Array => encode((encoder) => writeVarString(encoder, address));

const numbersAndText = (numbers: readonly number[], text: string): Uint8Array =>
  encode((encoder) => {
    for (const number of numbers) writeVarUint(encoder, number);
    writeVarString(encoder, text);
  });

/** The client is let in. */
export const authenticated = (scope: 'read-write' | 'readonly'): Uint8Array =>
  numbersAndText([AUTH, AUTHENTICATED], scope);
/** The client is not let in, or not any more. */
export const permissionDenied = (reason: string): Uint8Array => numbersAndText([AUTH, DENIED], reason);
/** The same, with the address in front. */
export const deniedAt = (address: string, reason: string): Uint8Array =>
  Buffer.concat([addressPrefix(address), permissionDenied(reason)]);
/** Asks the client for its token. */
export const tokenRequest = (): Uint8Array => Uint8Array.of(AUTH, TOKEN);
/** The document is closed for the client, the socket is not. */
export const documentClosed = (reason: string): Uint8Array => numbersAndText([CLOSE], reason);
/** One edit is saved, or is not. */
export const syncStatus = (isSaved: boolean): Uint8Array => Uint8Array.of(SYNC_STATUS, isSaved ? 1 : 0);
