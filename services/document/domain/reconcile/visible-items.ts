import * as Y from 'yjs';

/** A shared type whose content is a sequence. */
export type Sequence = Y.Text | Y.Array<unknown> | Y.XmlFragment;

/** Visible units of a sequence that one client wrote in one go. */
export interface VisibleRun {
  readonly client: number;
  /** Clock of the first unit; the others follow it. */
  readonly clock: number;
  readonly length: number;
  /** Place of the first unit among the visible ones. */
  readonly start: number;
  /** The characters of text; null for anything else. */
  readonly text: string | null;
  /** The values of anything else, one per unit; null for text. */
  readonly values: readonly unknown[] | null;
}

/** The visible units of a sequence in order, with the ids that Yjs gave them. */
export function visibleRuns(type: Sequence): readonly VisibleRun[] {
  const runs: VisibleRun[] = [];
  let start = 0;
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    const text = item.content instanceof Y.ContentString ? item.content.str : null;
    const values = text === null ? item.content.getContent() : null;
    runs.push({ client: item.id.client, clock: item.id.clock, length: item.length, start, text, values });
    start += item.length;
  }
  return runs;
}
