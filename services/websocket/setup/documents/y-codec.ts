import type { Refusal } from '@candlefish/document/contract';
import { binaryFrame, type CloseCode, type Connection, textFrame } from '@candlefish/kit/sockets';
import { awarenessMessage, denied, readClientMessage, refused, saved } from '../../domain/frames.ts';
import type { AccessLevel, DocumentCodec, Welcome } from './codec.ts';

/** The subprotocol of clients that want acknowledgements. */
const ACK_PROTOCOL = 'y-ack.v1';
/** What keeps a stock client from thinking that nobody is there: no states at all. */
const SILENCE_FRAME = binaryFrame(awarenessMessage([]));

/** The codec of a connection at `/ws/{documentId}`. */
export const yCodecOf = ({ protocol }: Connection): DocumentCodec => (protocol === ACK_PROTOCOL ? Y_ACK : Y);

/** y-websocket as stock clients speak it: no word of the platform's own. */
const Y: DocumentCodec = {
  read: readClientMessage,
  joined: () => undefined,
  levelled: () => undefined,
  expiring: () => undefined,
  beat: (connection) => connection.write(SILENCE_FRAME),
  leaving: () => undefined,
  closing: () => undefined,
  saved: tellSaved,
  refused: tellRefused,
};

/** y-websocket with acknowledgements and texts beside it. */
const Y_ACK: DocumentCodec = {
  read: readClientMessage,
  joined: (connection, welcome: Welcome) => say(connection, { type: 'joined', ...welcome }),
  levelled: (connection, access: AccessLevel) => say(connection, { type: 'access', access }),
  expiring: (connection, expiresAt: Date) =>
    say(connection, { type: 'auth_refresh', expiresAt: expiresAt.toISOString() }),
  beat: () => undefined,
  leaving: (connection, delayMs: number) => say(connection, { type: 'reconnect', delayMs }),
  closing: (connection, code: CloseCode, message: string) =>
    say(connection, { type: 'error', code: String(code), message }),
  saved: tellSaved,
  refused: tellRefused,
};

function say(connection: Connection, message: object): void {
  connection.write(textFrame(JSON.stringify(message)));
}

function tellSaved(connection: Connection, number: number): void {
  connection.write(binaryFrame(saved(number)));
}

function tellRefused(connection: Connection, number: number | null, code: Refusal | 'read_only'): void {
  if (number !== null) connection.write(binaryFrame(refused(number, code)));
  else if (code === 'read_only') connection.write(binaryFrame(denied(code)));
}
