import type { RawData } from 'ws';
import { authMessageIn } from './admission.ts';
import type { LiveConnection } from './connection.ts';
import type { Greeting } from './types.ts';

/** Bytes of a client that nobody knows: a token in a frame, and what it may send along. */
const UNKNOWN_BYTES_MAX = 16_384;

/** The message by which a credential comes on paths that say nothing else. */
const AUTH_MESSAGE: Pick<Greeting, 'read'> = { read: authMessageIn };

/** A message that brings a credential. */
export interface Greeted {
  readonly data: Buffer;
  /** Null for somebody who needs none. */
  readonly token: string | null;
}

/** How a stranger is heard. */
export interface StrangerOptions {
  /** Default: `{"type":"auth","token":"…"}`. */
  readonly greeting: Greeting | undefined;
  /** A token that was refused on this connection: it is not verified again. */
  readonly refusedToken: string | null;
}

/**
 * Reads a connection up to the message that says who it is, once. Nothing else of a stranger is kept.
 * @param greeted gets null for a message that may not come first.
 */
export function hearStranger(
  connection: LiveConnection,
  { greeting, refusedToken }: StrangerOptions,
  greeted: (message: Greeted | null) => void,
): void {
  const { socket, stream } = connection;
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > UNKNOWN_BYTES_MAX) stream.destroy();
  };
  const hear = (raw: RawData, isBinary: boolean): void => {
    // `nodebuffer` is the type of all messages here.
    const data = raw as Buffer;
    const word = (greeting ?? AUTH_MESSAGE).read(data, isBinary);
    if (word === 'not-yet') return;
    if (greeting !== undefined && word !== null && word.token !== null && word.token === refusedToken) {
      connection.write(greeting.refusal(data));
      return;
    }
    socket.off('message', hear);
    stream.off('data', count);
    // The chunk that brought this message is counted once more, and may hold more of somebody who is known now.
    bytes = Number.NEGATIVE_INFINITY;
    greeted(word === null ? null : { data, token: word.token });
  };
  stream.on('data', count);
  socket.on('message', hear);
}
