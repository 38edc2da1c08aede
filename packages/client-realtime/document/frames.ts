import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Types of frames of `/ws/{documentId}` (PROTOCOL.md of services/websocket). */
const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const ACKNOWLEDGEMENT = 100;

const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

const NUMBERED = 0;
const SAVED = 1;
const REFUSED = 2;

/** What the server says in one binary frame. */
export type ServerFrame =
  | { readonly type: 'step1'; readonly stateVector: Uint8Array }
  | { readonly type: 'step2' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'saved'; readonly through: number }
  | { readonly type: 'refused'; readonly frame: number; readonly code: string }
  /** A type that this client does not know. */
  | { readonly type: 'other' };

/**
 * Reads a frame of the server.
 * @throws Error of lib0 when the frame ends too early.
 */
export function readServerFrame(bytes: Uint8Array): ServerFrame {
  const decoder = decoding.createDecoder(bytes);
  const type = decoding.readVarUint(decoder);
  if (type === SYNC) return readSync(decoder);
  if (type === AWARENESS) return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
  if (type !== ACKNOWLEDGEMENT) return { type: 'other' };
  const kind = decoding.readVarUint(decoder);
  const frame = decoding.readVarUint(decoder);
  if (kind === SAVED) return { type: 'saved', through: frame };
  if (kind !== REFUSED) return { type: 'other' };
  return { type: 'refused', frame, code: new TextDecoder().decode(decoding.readVarUint8Array(decoder)) };
}

function readSync(decoder: decoding.Decoder): ServerFrame {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (step === STEP_1) return { type: 'step1', stateVector: bytes };
  if (step === STEP_2) return { type: 'step2', update: bytes };
  return step === UPDATE ? { type: 'update', update: bytes } : { type: 'other' };
}

function frame(types: readonly number[], bytes?: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    for (const type of types) encoding.writeVarUint(encoder, type);
    if (bytes !== undefined) encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** Asks for what a holder of this state vector lacks. */
export const step1Frame = (stateVector: Uint8Array): Uint8Array => frame([SYNC, STEP_1], stateVector);

/** An answer to the server's step 1, numbered. */
export const step2Frame = (number: number, update: Uint8Array): Uint8Array =>
  frame([ACKNOWLEDGEMENT, NUMBERED, number, SYNC, STEP_2], update);

/** An edit, numbered. */
export const updateFrame = (number: number, update: Uint8Array): Uint8Array =>
  frame([ACKNOWLEDGEMENT, NUMBERED, number, SYNC, UPDATE], update);

/** Awareness of this client. */
export const awarenessFrame = (update: Uint8Array): Uint8Array => frame([AWARENESS], update);

/** Asks for everybody's awareness; also the cheapest question that the server answers. */
export const queryAwarenessFrame = (): Uint8Array => frame([QUERY_AWARENESS]);
