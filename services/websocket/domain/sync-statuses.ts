import * as Y from 'yjs';

/** An edit of the client that is not settled. */
interface SentEdit {
  readonly number: number;
  /** Whether it answers our state vector, and so holds all that the client had until then. */
  isAnswer: boolean;
  /** Whether the client counts it as unsaved. */
  isCounted: boolean;
  isRefused: boolean;
}

/**
 * How often a Hocuspocus provider is to be told that an edit is saved. It only counts: one up for each update it sends, to
 * one whenever it sends its state vector, one down for each word of ours, and "saved" is 0. Words have no numbers, so what
 * it does not count must not be told, or a later edit would pass for saved:
 * - Updates it made while it was away are sent when it is back and not counted. They are those that its state vector
 *   covers; updates that only delete tell nothing about when they were made, and pass for such ones.
 * - The one is told at the commit of its answer to our state vector, which holds whatever it had by then.
 * - An update that is refused because it overtook what it builds on is saved by the next answer, and told with that.
 */
export class SyncStatuses {
  #number = 0;
  #sent: SentEdit[] = [];
  /** What the client said it has, until its answer comes. */
  #covered: Map<number, number> | null = null;
  /** How often to tell it at the commit of the next answer, with which all that came before is saved. */
  #owed = 0;

  /** The client says what it has, and counts anew. @throws Error when the state vector cannot be read. */
  begin(stateVector: Uint8Array): void {
    this.#covered = Y.decodeStateVector(stateVector);
    this.#owed = 1;
    for (const edit of this.#sent) {
      edit.isAnswer = false;
      edit.isCounted = false;
    }
  }

  /** Takes an edit. @returns its number. */
  take(update: Uint8Array, isAnswer: boolean): number {
    this.#number += 1;
    const isCounted = !isAnswer && (this.#covered === null || isBeyond(update, this.#covered));
    if (isAnswer) this.#covered = null;
    this.#sent.push({ number: this.#number, isAnswer, isCounted, isRefused: false });
    return this.#number;
  }

  /** An edit is not in the log. @param comesAgain whether the next answer may bring it. */
  refuse(number: number, comesAgain: boolean): void {
    const edit = this.#sent.find((sent) => sent.number === number);
    if (edit === undefined) return;
    edit.isRefused = true;
    if (comesAgain && edit.isCounted) this.#owed += 1;
  }

  /** Every edit up to a number is committed or was refused. @returns how often to tell that an edit is saved. */
  settle(number: number): number {
    let due = 0;
    let count = 0;
    for (const edit of this.#sent) {
      if (edit.number > number) break;
      count += 1;
      if (edit.isRefused) continue;
      if (edit.isAnswer) {
        due += this.#owed;
        this.#owed = 0;
      } else if (edit.isCounted) due += 1;
    }
    this.#sent.splice(0, count);
    return due;
  }
}

/** Whether an update has something that a state vector does not cover. */
function isBeyond(update: Uint8Array, covered: ReadonlyMap<number, number>): boolean {
  try {
    const { to } = Y.parseUpdateMeta(update);
    return [...to].some(([client, clock]) => clock > (covered.get(client) ?? 0));
  } catch {
    // What cannot be read is refused by the log, and so never told as saved.
    return false;
  }
}
