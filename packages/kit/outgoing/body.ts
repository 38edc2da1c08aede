import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { OutgoingError } from './errors.ts';

/** Codings that are offered to servers and understood here. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * The whole body, decoded. Counts what comes out of the decoder and stops at the bound, so a small body that unpacks to a
 * large one costs no more than a plain one.
 * @throws OutgoingError `too_large` or `encoding`.
 */
export async function readBody(body: Readable, encoding: string | undefined, bytesMax: number): Promise<Uint8Array> {
  const source = decoded(body, (encoding ?? 'identity').trim().toLowerCase());
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += (chunk as Buffer).length;
      if (bytes > bytesMax) throw new OutgoingError('too_large', `The answer has more than ${bytesMax} bytes.`);
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (isZlibError(error)) throw new OutgoingError('encoding', 'The answer is not coded as it says.', error);
    throw error;
  } finally {
    source.destroy();
    body.destroy();
  }
  return Buffer.concat(chunks);
}

function decoded(body: Readable, encoding: string): Readable {
  if (encoding === 'identity' || encoding === '') return body;
  const decoder = DECODERS.get(encoding)?.();
  if (decoder === undefined) {
    body.destroy();
    throw new OutgoingError('encoding', 'The answer is coded in a way that was not offered.');
  }
  body.once('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(Z_|ERR__ERROR_|ERR_BROTLI|ERR_BUFFER)/.test(String(error.code));
