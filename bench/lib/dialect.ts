import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What a frame from a server says, as far as an editor of the bench cares. */
export type Heard =
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  /** Edits up to this number of this connection are taken; -1 when the server counts none and means the next one. */
  | { readonly kind: 'acknowledged'; readonly upTo: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'other' };

/** How an editor speaks with a server about one document. */
export interface Dialect {
  /** Path of the socket of a document. */
  pathOf(documentId: string): string;
  /** Subprotocols to offer. */
  readonly protocols: readonly string[];
  /** What is sent when the socket opens. */
  hello(documentId: string): readonly Uint8Array[];
  /** Whether the server says when a connection may begin. */
  readonly waitsForReady: boolean;
  edit(documentId: string, update: Uint8Array, number: number): Uint8Array;
  answer(documentId: string, update: Uint8Array, number: number): Uint8Array;
  hear(frame: Uint8Array): Heard;
}

const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const OTHER: Heard = { kind: 'other' };

function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function sync(encoder: encoding.Encoder, step: number, content: Uint8Array): void {
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, content);
}

function hearSync(decoder: decoding.Decoder): Heard {
  const step = decoding.readVarUint(decoder);
  const content = decoding.readVarUint8Array(decoder);
  return step === STEP_1 ? { kind: 'step1', stateVector: content } : { kind: 'update', update: content };
}

/** The wire of y-websocket, as the relay forwards it. */
const plain: Dialect = {
  pathOf: (documentId) => `/${documentId}`,
  protocols: [],
  waitsForReady: false,
  hello: () => [],
  edit: (_documentId, update) => bytes((encoder) => sync(encoder, UPDATE, update)),
  answer: (_documentId, update) => bytes((encoder) => sync(encoder, STEP_2, update)),
  hear(frame) {
    const decoder = decoding.createDecoder(frame);
    return decoding.readVarUint(decoder) === SYNC ? hearSync(decoder) : OTHER;
  },
};

const ACKNOWLEDGEMENT = 100;

const numbered = (step: number, update: Uint8Array, number: number): Uint8Array =>
  bytes((encoder) => {
    encoding.writeVarUint(encoder, ACKNOWLEDGEMENT);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, number);
    sync(encoder, step, update);
  });

/** The platform's: y-websocket with numbered edits that are acknowledged after the commit. */
const platform: Dialect = {
  pathOf: (documentId) => `/ws/${documentId}`,
  protocols: ['y-ack.v1'],
  waitsForReady: true,
  hello: () => [bytes((encoder) => sync(encoder, STEP_1, new Uint8Array([0])))],
  edit: (_documentId, update, number) => numbered(UPDATE, update, number),
  answer: (_documentId, update, number) => numbered(STEP_2, update, number),
  hear(frame) {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === SYNC) return hearSync(decoder);
    if (type !== ACKNOWLEDGEMENT) return OTHER;
    const what = decoding.readVarUint(decoder);
    if (what !== 1) throw new Error(`an edit was refused: ${Buffer.from(frame).toString('latin1')}`);
    return { kind: 'acknowledged', upTo: decoding.readVarUint(decoder) };
  },
};

/** The platform without acknowledgements: what a stock y-websocket client speaks. */
const stock: Dialect = {
  ...plain,
  pathOf: platform.pathOf,
  hello: platform.hello,
};

const AUTHENTICATION = 2;
const SYNC_REPLY = 4;
const SYNC_STATUS = 8;

const named = (documentId: string, write: (encoder: encoding.Encoder) => void): Uint8Array =>
  bytes((encoder) => {
    encoding.writeVarString(encoder, documentId);
    write(encoder);
  });

/** Hocuspocus: every frame begins with the name of the document, and each edit is told to be in memory. */
const hocuspocus: Dialect = {
  pathOf: () => '/',
  protocols: [],
  waitsForReady: true,
  hello: (documentId) => [
    named(documentId, (encoder) => {
      encoding.writeVarUint(encoder, AUTHENTICATION);
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarString(encoder, 'bench');
    }),
    named(documentId, (encoder) => sync(encoder, STEP_1, new Uint8Array([0]))),
  ],
  edit: (documentId, update) => named(documentId, (encoder) => sync(encoder, UPDATE, update)),
  answer: (documentId, update) => named(documentId, (encoder) => sync(encoder, STEP_2, update)),
  hear(frame) {
    const decoder = decoding.createDecoder(frame);
    decoding.readVarString(decoder);
    const type = decoding.readVarUint(decoder);
    if (type === SYNC || type === SYNC_REPLY) return hearSync(decoder);
    if (type === SYNC_STATUS) return { kind: 'acknowledged', upTo: -1 };
    return type === AUTHENTICATION ? { kind: 'ready' } : OTHER;
  },
};

/** Dialects by the name of who speaks them. */
export const dialects = { relay: plain, platform, stock, hocuspocus } as const;
export type DialectName = keyof typeof dialects;
