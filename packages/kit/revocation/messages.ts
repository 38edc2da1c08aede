import { MESSAGE_BYTES_MAX } from '../pubsub/index.ts';
import type { RevocationMark } from './types.ts';

/** A mark as text. */
export const encodeMark = ({ subject, revokedAt, expiresAt }: RevocationMark): string =>
  JSON.stringify([subject, revokedAt.getTime(), expiresAt.getTime()]);

/** Marks as few messages as the bus takes. */
export function encodeMarks(marks: readonly RevocationMark[]): readonly string[] {
  const messages: string[] = [];
  let batch = '';
  for (const text of marks.map(encodeMark)) {
    if (batch !== '' && Buffer.byteLength(batch) + Buffer.byteLength(text) + 3 > MESSAGE_BYTES_MAX) {
      messages.push(`[${batch}]`);
      batch = '';
    }
    batch += batch === '' ? text : `,${text}`;
  }
  return batch === '' ? messages : [...messages, `[${batch}]`];
}

/** Reads one mark; null when the text is none. */
export function decodeMark(text: string): RevocationMark | null {
  const data = parse(text);
  return Array.isArray(data) ? toMark(data) : null;
}

/** Reads a message; null when it is none of ours. */
export function decodeMarks(text: string): readonly RevocationMark[] | null {
  const data = parse(text);
  if (!Array.isArray(data)) return null;
  const marks = data.map((item: unknown) => (Array.isArray(item) ? toMark(item) : null));
  return marks.every((mark) => mark !== null) ? marks : null;
}

function toMark([subject, revokedAtMs, expiresAtMs]: readonly unknown[]): RevocationMark | null {
  if (typeof subject !== 'string' || typeof revokedAtMs !== 'number' || typeof expiresAtMs !== 'number') return null;
  return { subject, revokedAt: new Date(revokedAtMs), expiresAt: new Date(expiresAtMs) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
