import type * as Y from 'yjs';
import type { ContentType } from '../domain/content-types.ts';

/** Memory of a loaded document for each byte of its encoded state: 2.8 MB for 311 kB, measured with Yjs 13.6. */
const MEMORY_PER_BYTE = 9;
/** Memory of a document with nothing in it: types, maps and this entry. */
const MEMORY_MIN_BYTES = 4_096;

/** Who writes under a client id. */
export interface Author {
  readonly kind: string;
  readonly id: string;
}

/** A document as this process writes into it. */
export interface DocumentCopy {
  readonly documentId: string;
  readonly contentType: ContentType;
  readonly contentSchema: unknown;
  readonly epoch: number;
  readonly doc: Y.Doc;
  /** Sequence up to which it has the log. */
  seq: number;
  /** Whether others have appended since. */
  isBehind: boolean;
  /** Whether it holds what is not committed, so that nobody may read from it. */
  isDirty: boolean;
  /** No less than the encoded size of its state. */
  bytesAtMost: number;
  readonly authors: Map<number, Author>;
  /** Client ids of erased histories. */
  readonly retired: ReadonlySet<number>;
}

/**
 * Documents that this process writes into, within a bound of memory; those that were written longest ago go first. What is
 * dropped is loaded again when it is needed: the log is the truth.
 */
export class DocumentCopies {
  readonly #copies = new Map<string, DocumentCopy>();
  readonly #memoryMaxBytes: number;
  #memoryBytes = 0;

  constructor(memoryMaxBytes: number) {
    this.#memoryMaxBytes = memoryMaxBytes;
  }

  /** Memory that the copies are reckoned to take. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  get size(): number {
    return this.#copies.size;
  }

  find(documentId: string): DocumentCopy | undefined {
    return this.#copies.get(documentId);
  }

  /** Keeps a copy as the one written last, or measures one that is kept anew. */
  keep(copy: DocumentCopy): void {
    this.drop(copy.documentId);
    this.#copies.set(copy.documentId, copy);
    this.#memoryBytes += memoryOf(copy);
    this.#measured.set(copy, memoryOf(copy));
    for (const [documentId, oldest] of this.#copies) {
      if (this.#memoryBytes <= this.#memoryMaxBytes || oldest === copy) break;
      this.drop(documentId);
    }
  }

  drop(documentId: string): void {
    const copy = this.#copies.get(documentId);
    if (copy === undefined) return;
    this.#copies.delete(documentId);
    this.#memoryBytes -= this.#measured.get(copy) ?? 0;
  }

  readonly #measured = new WeakMap<DocumentCopy, number>();
}

const memoryOf = ({ bytesAtMost }: DocumentCopy): number => MEMORY_MIN_BYTES + bytesAtMost * MEMORY_PER_BYTE;
