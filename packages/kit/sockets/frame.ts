/**
 * Frames of RFC 6455 as a server sends them: whole and unmasked. They are made once and written to any number of
 * connections, which is what makes a message to a whole room cheap.
 */

const FIN_TEXT = 0x81;
const FIN_BINARY = 0x82;
const SHORT_MAX = 125;
const MEDIUM_MAX = 0xff_ff;
const MEDIUM = 126;
const LONG = 127;
const SHORT_HEADER_BYTES = 2;
const MEDIUM_HEADER_BYTES = 4;
const LONG_HEADER_BYTES = 10;

/** A ping without content. */
export const PING_FRAME: Buffer = Buffer.from([0x89, 0x00]);

/** A text frame. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const frame = begin(FIN_TEXT, bytes);
  frame.write(text, frame.length - bytes, 'utf8');
  return frame;
}

/** A binary frame; the bytes are copied. */
export function binaryFrame(data: Uint8Array): Buffer {
  const frame = begin(FIN_BINARY, data.length);
  frame.set(data, frame.length - data.length);
  return frame;
}

/** The content of a binary frame made here, after other bytes, as a frame of its own. */
export function prefixedFrame(prefix: Uint8Array, frame: Buffer): Buffer {
  const length = frame[1] ?? 0;
  const start = length === LONG ? LONG_HEADER_BYTES : length === MEDIUM ? MEDIUM_HEADER_BYTES : SHORT_HEADER_BYTES;
  const bytes = prefix.length + frame.length - start;
  const prefixed = begin(FIN_BINARY, bytes);
  const at = prefixed.length - bytes;
  prefixed.set(prefix, at);
  frame.copy(prefixed, at + prefix.length, start);
  return prefixed;
}

/** A frame with its header written and room for the content. */
function begin(opcode: number, contentBytes: number): Buffer {
  if (contentBytes <= SHORT_MAX) {
    const frame = Buffer.allocUnsafe(SHORT_HEADER_BYTES + contentBytes);
    frame[0] = opcode;
    frame[1] = contentBytes;
    return frame;
  }
  if (contentBytes <= MEDIUM_MAX) {
    const frame = Buffer.allocUnsafe(MEDIUM_HEADER_BYTES + contentBytes);
    frame[0] = opcode;
    frame[1] = MEDIUM;
    frame.writeUInt16BE(contentBytes, 2);
    return frame;
  }
  const frame = Buffer.allocUnsafe(LONG_HEADER_BYTES + contentBytes);
  frame[0] = opcode;
  frame[1] = LONG;
  frame.writeBigUInt64BE(BigInt(contentBytes), 2);
  return frame;
}
