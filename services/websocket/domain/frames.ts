/**
 * The messages of y-websocket and the acknowledgements beside them. Numbers are varuints and bytes have a varuint before
 * them, as lib0 writes them.
 */
import { createDecoder, type Decoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, encode, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding';

/** Kinds of messages. */
const SYNC = 0;
const AWARENESS = 1;
const DENIED = 2;
const QUERY_AWARENESS = 3;
const ACK = 100;
/** Kinds of sync messages. */
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
/** Kinds of acknowledgements. */
const NUMBERED = 0;
const SAVED = 1;
const REFUSED = 2;

/** A Yjs update without anything in it. */
const EMPTY_UPDATE_BYTES = 2;

/** What a client says. */
export type ClientMessage =
  | { readonly type: 'step-1'; readonly stateVector: Uint8Array }
  | {
      readonly type: 'edit';
      readonly update: Uint8Array;
      /** Whether it answers our state vector: it then holds all deletions of the document, old and new. */
      readonly isAnswer: boolean;
      /** Number of the frame; null when the client wants no acknowledgement. */
      readonly number: number | null;
    }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' };

/** Reads a binary frame of a client. @throws Error when it is none. */
export function readClientMessage(frame: Uint8Array): ClientMessage {
  const decoder = createDecoder(frame);
  const kind = readVarUint(decoder);
  switch (kind) {
    case SYNC:
      return readSync(decoder, null);
    case AWARENESS:
      return { type: 'awareness', update: readVarUint8Array(decoder) };
    case QUERY_AWARENESS:
      return { type: 'query-awareness' };
    case ACK: {
      if (readVarUint(decoder) !== NUMBERED) throw new Error('only the server acknowledges');
      const number = readVarUint(decoder);
      if (readVarUint(decoder) !== SYNC) throw new Error('only sync messages have numbers');
      return readSync(decoder, number);
    }
    default:
      throw new Error('an unknown kind of message');
  }
}

function readSync(decoder: Decoder, number: number | null): ClientMessage {
  const kind = readVarUint(decoder);
  if (kind === STEP_1 && number === null) return { type: 'step-1', stateVector: readVarUint8Array(decoder) };
  if (kind !== STEP_2 && kind !== UPDATE) throw new Error('an unknown kind of sync message');
  const update = readVarUint8Array(decoder);
  if (update.length < EMPTY_UPDATE_BYTES) throw new Error('an update has two parts');
  return { type: 'edit', update, isAnswer: kind === STEP_2, number };
}

/** Whether an update (encoding V1) says nothing at all. */
export const isEmptyUpdate = (update: Uint8Array): boolean =>
  update.length === EMPTY_UPDATE_BYTES && update[0] === 0 && update[1] === 0;

/** Whether an update (encoding V1) only deletes: it begins with the number of its writers. */
export const onlyDeletes = (update: Uint8Array): boolean => update[0] === 0;

const syncMessage = (kind: number, bytes: Uint8Array): Uint8Array =>
  encode((encoder) => {
    writeVarUint(encoder, SYNC);
    writeVarUint(encoder, kind);
    writeVarUint8Array(encoder, bytes);
  });

/** Asks for what a holder of this state vector lacks. */
export const stepOne = (stateVector: Uint8Array): Uint8Array => syncMessage(STEP_1, stateVector);
/** Answers a state vector. */
export const stepTwo = (update: Uint8Array): Uint8Array => syncMessage(STEP_2, update);
/** An update of the document. */
export const updateMessage = (update: Uint8Array): Uint8Array => syncMessage(UPDATE, update);

/** Tells a client without acknowledgements that it may not edit. */
export const denied = (reason: string): Uint8Array =>
  encode((encoder) => {
    writeVarUint(encoder, DENIED);
    writeVarUint(encoder, 0);
    writeVarString(encoder, reason);
  });

/** Every numbered frame up to this one is committed or was refused. */
export const saved = (number: number): Uint8Array =>
  encode((encoder) => {
    writeVarUint(encoder, ACK);
    writeVarUint(encoder, SAVED);
    writeVarUint(encoder, number);
  });

/** The frame of this number is not in the log. */
export const refused = (number: number, code: string): Uint8Array =>
  encode((encoder) => {
    writeVarUint(encoder, ACK);
    writeVarUint(encoder, REFUSED);
    writeVarUint(encoder, number);
    writeVarString(encoder, code);
  });

/** The state of one client; null when it has left. */
export interface AwarenessState {
  readonly clientId: number;
  /** JSON. */
  readonly state: string;
}

/** Clients of one awareness message: a stock client repeats what it has heard of others. */
const CLIENTS_MAX = 1_000;
const LEFT = 'null';

/** The states in an awareness update. @throws Error when it is none, or names too many clients. */
export function readAwareness(update: Uint8Array): readonly AwarenessState[] {
  const decoder = createDecoder(update);
  const count = readVarUint(decoder);
  if (count > CLIENTS_MAX) throw new Error('too many clients in an awareness update');
  const states: AwarenessState[] = [];
  for (let index = 0; index < count; index++) {
    const clientId = readVarUint(decoder);
    readVarUint(decoder); // the client's clock: the server counts itself
    states.push({ clientId, state: readVarString(decoder) });
  }
  return states;
}

/** One state as it stands in an awareness update. @param clock greater than that of every earlier state of the client. */
export const awarenessEntry = (clientId: number, clock: number, state: string | null): Uint8Array =>
  encode((encoder) => {
    writeVarUint(encoder, clientId);
    writeVarUint(encoder, clock);
    writeVarString(encoder, state ?? LEFT);
  });

/** An awareness message of entries. */
export function awarenessMessage(entries: readonly Uint8Array[]): Uint8Array {
  const count = encode((encoder) => writeVarUint(encoder, entries.length));
  const bytes = Buffer.concat([count, ...entries]);
  const encoder = createEncoder();
  writeVarUint(encoder, AWARENESS);
  writeVarUint8Array(encoder, bytes);
  return toUint8Array(encoder);
}
