import { binaryFrame } from '@candlefish/kit/sockets';
import * as Y from 'yjs';
import { updateMessage } from '../../domain/frames.ts';
import type { MemberFace } from './member-face.ts';

/** Updates merged at once: merging takes more than linear time. */
const MERGED_MAX = 64;

/** An update that waits to be handed out. */
interface Outgoing {
  readonly update: Uint8Array;
  /** Who sent it here; null for one that was read from the log. */
  readonly author: MemberFace | null;
}

/** An update of this node that is a row now. */
export interface CommittedUpdate extends Outgoing {
  readonly seq: number;
}

/** The connections of this node in one document, and how far they have got its log. */
export class DocumentRoom {
  readonly documentId: string;
  readonly epoch: number;
  readonly members = new Set<MemberFace>();
  /** Sequence up to which updates were taken for handing out. */
  seq: number;
  /** State vector of the log as it was last read. */
  logVector: Uint8Array = new Uint8Array();
  /** Sequence that the log is said to have reached. */
  hintedSeq: number;
  /** Updates of this room in the append that is under way: it will say more than a hint. */
  appending = 0;
  /** When something was last heard of the log, on the clock of `performance.now()`. */
  heardAtMs: number;
  /** When the log was last read without a word of growth. */
  polledAtMs: number;
  #outgoing: Outgoing[] = [];
  /** Sequence up to which updates were handed out. */
  #handedSeq: number;

  constructor(documentId: string, epoch: number, seq: number, nowMs: number) {
    this.documentId = documentId;
    this.epoch = epoch;
    this.seq = seq;
    this.hintedSeq = seq;
    this.#handedSeq = seq;
    this.heardAtMs = nowMs;
    this.polledAtMs = nowMs;
  }

  /** Whether the log goes on after what was taken, and no append under way will bring it. */
  get isBehind(): boolean {
    return this.hintedSeq > this.seq && this.appending === 0;
  }
  get handedSeq(): number {
    return this.#handedSeq;
  }

  /** Takes updates of this node that were committed, as far as they follow; others have written what is between. */
  takeCommitted(updates: readonly CommittedUpdate[]): void {
    const inOrder = [...updates].sort((a, b) => a.seq - b.seq);
    const from = this.seq;
    for (const update of inOrder) {
      this.hintedSeq = Math.max(this.hintedSeq, update.seq);
      // Several updates may share a row, and what a read of the log has brought is not handed out again.
      if (update.seq <= from || update.seq > this.seq + 1) continue;
      this.seq = update.seq;
      this.#outgoing.push(update);
    }
  }

  /** Takes an update that was read from the log. */
  takeRead(seq: number, update: Uint8Array): void {
    this.hintedSeq = Math.max(this.hintedSeq, seq);
    if (seq <= this.seq) return;
    this.seq = seq;
    this.#outgoing.push({ update, author: null });
  }

  /** Hands out what waits. A single author's own updates are not sent back. */
  flush(): void {
    const outgoing = this.#outgoing;
    const [first] = outgoing;
    if (first === undefined) return;
    this.#outgoing = [];
    const before = this.#handedSeq;
    this.#handedSeq = this.seq;
    const author = outgoing.every((update) => update.author === first.author) ? first.author : null;
    if (author !== null && this.members.size === 1 && this.members.has(author)) return;
    const frame = binaryFrame(updateMessage(mergeUpdates(outgoing.map(({ update }) => update))));
    for (const member of this.members) if (member !== author) member.reader.hand(frame, before);
  }
}

/** Several updates as one. */
export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array {
  let merged: readonly Uint8Array[] = updates;
  while (merged.length > 1) {
    const next: Uint8Array[] = [];
    for (let start = 0; start < merged.length; start += MERGED_MAX) {
      next.push(Y.mergeUpdates(merged.slice(start, start + MERGED_MAX)));
    }
    merged = next;
  }
  return merged[0] ?? EMPTY_UPDATE;
}

const EMPTY_UPDATE = Uint8Array.of(0, 0);
