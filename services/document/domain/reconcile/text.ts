import type * as Y from 'yjs';
import { type DiffBudget, diffText } from '../text-diff.ts';
import { alignById, type Gap, type Match, withGaps } from './align.ts';
import { copyOf, type Delta, deltaOf, isSame } from './values.ts';
import { visibleRuns } from './visible-items.ts';

/** Stands for an embedded value where a text is compared as characters. */
const EMBED = '\uFFFC';

type Attributes = Readonly<Record<string, unknown>>;
const NO_ATTRIBUTES: Attributes = {};

/**
 * Changes a text until it reads as another one. Characters that both have by their ids stay the ones they are; between
 * those, words that read the same stay too.
 */
export function reconcileText(live: Y.Text, target: Y.Text, budget: DiffBudget): void {
  const [liveDelta, targetDelta] = [deltaOf(live), deltaOf(target)];
  const matches = matchText(live, target, { liveText: plain(liveDelta), targetText: plain(targetDelta), budget });
  const change = new ChangeOfText(new Pieces(liveDelta), new Pieces(targetDelta));
  for (const { gap, match } of withGaps(matches, live.length, target.length)) {
    if (gap !== null) change.replace(gap);
    if (match !== null) change.keep(match.length);
  }
  if (change.isNeeded) live.applyDelta(change.delta);
}

/** A text as characters, in which each place is one of the text. */
const plain = (delta: readonly Delta[]): string =>
  delta.map(({ insert }) => (typeof insert === 'string' ? insert : EMBED)).join('');

function matchText(
  live: Y.Text,
  target: Y.Text,
  texts: { readonly liveText: string; readonly targetText: string; readonly budget: DiffBudget },
): readonly Match[] {
  const { liveText, targetText, budget } = texts;
  const byId = alignById(visibleRuns(live), visibleRuns(target), isSame);
  const matches: Match[] = [];
  for (const { gap, match } of withGaps(byId, live.length, target.length)) {
    if (gap !== null) {
      const [before, after] = [liveText.slice(gap.live, gap.liveEnd), targetText.slice(gap.target, gap.targetEnd)];
      // Embedded values do not show in the characters, so a piece that holds some is replaced whole.
      if (!before.includes(EMBED) && !after.includes(EMBED)) matches.push(...matchWords(gap, before, after, budget));
    }
    if (match !== null) matches.push(match);
  }
  return matches;
}

function matchWords(gap: Gap, before: string, after: string, budget: DiffBudget): readonly Match[] {
  if (before === '' || after === '') return [];
  const matches: Match[] = [];
  let { live, target } = gap;
  for (const { kind, text } of diffText(before, after, budget).parts) {
    if (kind === 'equal') matches.push({ live, target, length: text.length });
    if (kind !== 'insert') live += text.length;
    if (kind !== 'delete') target += text.length;
  }
  return matches;
}

/** The change of one text into another, put together from its start to its end. */
class ChangeOfText {
  readonly delta: object[] = [];
  /** Whether the change does anything. */
  isNeeded = false;
  readonly #live: Pieces;
  readonly #target: Pieces;

  constructor(live: Pieces, target: Pieces) {
    this.#live = live;
    this.#target = target;
  }

  /** Keeps units that both have and gives them the attributes of the target. */
  keep(length: number): void {
    for (let left = length; left > 0; ) {
      const piece = Math.min(left, this.#live.left, this.#target.left);
      const attributes = difference(this.#live.attributes, this.#target.attributes);
      this.delta.push(attributes === null ? { retain: piece } : { retain: piece, attributes });
      if (attributes !== null) this.isNeeded = true;
      this.#live.take(piece);
      this.#target.take(piece);
      left -= piece;
    }
  }

  /** Deletes units of the live text and puts those of the target in their place. */
  replace({ live, liveEnd, target, targetEnd }: Gap): void {
    this.isNeeded = true;
    for (let left = targetEnd - target; left > 0; ) {
      const { attributes } = this.#target;
      const piece = Math.min(left, this.#target.left);
      this.delta.push({ insert: this.#target.take(piece), attributes: { ...attributes } });
      left -= piece;
    }
    if (liveEnd > live) this.delta.push({ delete: liveEnd - live });
    for (let left = liveEnd - live; left > 0; ) {
      const piece = Math.min(left, this.#live.left);
      this.#live.take(piece);
      left -= piece;
    }
  }
}

/** Reads the pieces of a text from the start. */
class Pieces {
  readonly #delta: readonly Delta[];
  #index = 0;
  #offset = 0;

  constructor(delta: readonly Delta[]) {
    this.#delta = delta;
  }

  get #piece(): Delta {
    const piece = this.#delta[this.#index];
    if (piece === undefined) throw new RangeError('a text is shorter than its items say');
    return piece;
  }

  /** Units left of the present piece. */
  get left(): number {
    const { insert } = this.#piece;
    return (typeof insert === 'string' ? insert.length : 1) - this.#offset;
  }

  get attributes(): Attributes {
    return this.#piece.attributes ?? NO_ATTRIBUTES;
  }

  /** Goes on by at most what is left of the present piece. @returns what was there, fit for another document. */
  take(length: number): unknown {
    const { insert } = this.#piece;
    const taken = typeof insert === 'string' ? insert.slice(this.#offset, this.#offset + length) : copyOf(insert);
    this.#offset += length;
    if (this.#offset >= (typeof insert === 'string' ? insert.length : 1)) {
      this.#index += 1;
      this.#offset = 0;
    }
    return taken;
  }
}

/** What makes the one set of attributes the other; null when they are the same. */
function difference(from: Attributes, to: Attributes): Attributes | null {
  const change: Record<string, unknown> = {};
  for (const key of Object.keys(from)) if (!Object.hasOwn(to, key)) change[key] = null;
  for (const [key, value] of Object.entries(to)) if (!isSame(from[key], value)) change[key] = value;
  return Object.keys(change).length === 0 ? null : change;
}
