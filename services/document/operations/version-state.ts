import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as Y from 'yjs';
import type { ContentType } from '../domain/content-types.ts';
import { emptyDoc } from '../domain/shared-types.ts';

/** A state unpacked: a document has at most 8 MiB, and its past may have been larger by what was deleted. */
const STATE_BYTES_MAX = 64 * 1024 * 1024;

/** A state as versions keep it. */
export interface PackedState {
  /** Yjs encoding V2, compressed by zstd. */
  readonly state: Uint8Array;
  readonly stateVector: Uint8Array;
  /** Size before compression. */
  readonly stateBytes: number;
  /** SHA-256 of the state before compression. */
  readonly sha256: Uint8Array;
}

/**
 * The state of a document as versions keep it. On an editing trace of 138,000 edits zstd at its default level makes 82 kB
 * of 135 kB in 0.6 ms; gzip makes 78 kB in 6.8 ms.
 */
export function packState(doc: Y.Doc): PackedState {
  const state = Y.encodeStateAsUpdateV2(doc);
  return {
    state: zstdCompressSync(state),
    stateVector: Y.encodeStateVector(doc),
    stateBytes: state.length,
    sha256: createHash('sha256').update(state).digest(),
  };
}

/** The document of a kept state, which belongs to the caller. @throws Error when the bytes are not what was kept. */
export function unpackState(
  packed: { readonly state: Uint8Array; readonly sha256: Uint8Array },
  contentType: ContentType,
): Y.Doc {
  const state = zstdDecompressSync(packed.state, { maxOutputLength: STATE_BYTES_MAX });
  const sha256 = createHash('sha256').update(state).digest();
  if (Buffer.compare(sha256, packed.sha256) !== 0) throw new Error('a version does not give back what was kept');
  const doc = emptyDoc(contentType);
  Y.applyUpdateV2(doc, state);
  return doc;
}

/** Applies a state in one of the encodings that tables name. */
export function applyState(doc: Y.Doc, { state, encoding }: { readonly state: Uint8Array; readonly encoding: string }) {
  const bytes = encoding.endsWith('+zstd') ? zstdDecompressSync(state, { maxOutputLength: STATE_BYTES_MAX }) : state;
  if (!encoding.startsWith('V2')) throw new Error(`a state has the unknown encoding ${encoding}`);
  Y.applyUpdateV2(doc, bytes);
}
