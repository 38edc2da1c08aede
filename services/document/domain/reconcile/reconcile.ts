import * as Y from 'yjs';
import { type ContentType, rootsOf } from '../content-types.ts';
import { rootOf } from '../shared-types.ts';
import { DiffBudget, diffKeys } from '../text-diff.ts';
import { alignById, type Gap, type Match, withGaps } from './align.ts';
import { reconcileText } from './text.ts';
import { canonicalOf, copyOf, isLike, isSame, isShared, type Value } from './values.ts';
import { visibleRuns } from './visible-items.ts';

/**
 * Changes a document until it reads as another one, in one transaction. What both have stays what it is, by the ids that
 * Yjs gave it or else by how it reads, so that cursors, comments and concurrent edits find it; only the rest is deleted
 * and inserted.
 * @param target A state of the same document, which is only read.
 * @param budget Bounds the cost; what it does not reach is replaced whole.
 * @returns the change as an update of encoding V1; null when both read the same already.
 * @throws Error when the result does not read as the target.
 */
export function reconcile(
  live: Y.Doc,
  target: Y.Doc,
  contentType: ContentType,
  budget = new DiffBudget(),
): Uint8Array | null {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array): void => void updates.push(update);
  const roots = Object.entries(rootsOf(contentType)).map(
    ([name, kind]) => [rootOf(live, name, kind), rootOf(target, name, kind)] as const,
  );
  live.on('update', collect);
  try {
    live.transact(() => {
      for (const [from, to] of roots) reconcileType(from, to, budget);
    });
  } finally {
    live.off('update', collect);
  }
  for (const [from, to] of roots) {
    if (!isSame(from, to)) throw new Error('a document does not read as what it was changed into');
  }
  return updates.length === 0 ? null : Y.mergeUpdates(updates);
}

/** Changes a shared type that is like the target until it reads the same. */
function reconcileType(live: Value, target: Value, budget: DiffBudget): void {
  if (live instanceof Y.Text && target instanceof Y.Text) reconcileText(live, target, budget);
  if (live instanceof Y.Map && target instanceof Y.Map) reconcileMap(live, target, budget);
  if (live instanceof Y.XmlElement && target instanceof Y.XmlElement) reconcileAttributes(live, target);
  if (isList(live) && isList(target)) reconcileList(live, target, budget);
}

type List = Y.Array<unknown> | Y.XmlFragment;

const isList = (value: Value): value is List => value instanceof Y.Array || value instanceof Y.XmlFragment;

function reconcileMap(live: Y.Map<unknown>, target: Y.Map<unknown>, budget: DiffBudget): void {
  for (const key of [...live.keys()]) if (!target.has(key)) live.delete(key);
  for (const [key, value] of target.entries()) {
    const present = live.get(key);
    if (live.has(key) && isLike(present, value)) reconcileType(present, value, budget);
    else if (!live.has(key) || !isSame(present, value)) live.set(key, copyOf(value));
  }
}

type XmlAttributes = Readonly<Record<string, unknown>>;

function reconcileAttributes(live: Y.XmlElement, target: Y.XmlElement): void {
  const [from, to] = [live.getAttributes() as XmlAttributes, target.getAttributes() as XmlAttributes];
  for (const name of Object.keys(from)) if (to[name] === undefined) live.removeAttribute(name);
  for (const [name, value] of Object.entries(to)) {
    // The type says string; editors store numbers and objects too, and Yjs takes them.
    if (value !== undefined && !isSame(from[name], value)) live.setAttribute(name, value as string);
  }
}

function reconcileList(live: List, target: List, budget: DiffBudget): void {
  const [from, to] = [live.toArray() as Value[], target.toArray() as Value[]];
  const steps = [...withGaps(matchLists(live, target, { from, to, budget }), from.length, to.length)];
  for (const { match } of steps) {
    if (match === null) continue;
    for (let at = 0; at < match.length; at += 1) reconcileType(from[match.live + at], to[match.target + at], budget);
  }
  // From the end, so that places before a change still count.
  for (const { gap } of steps.reverse()) {
    if (gap === null) continue;
    const values = to.slice(gap.target, gap.targetEnd).map(copyOf);
    if (gap.liveEnd > gap.live) live.delete(gap.live, gap.liveEnd - gap.live);
    if (values.length > 0) (live as Y.Array<unknown>).insert(gap.live, values);
  }
}

interface Lists {
  readonly from: readonly Value[];
  readonly to: readonly Value[];
  readonly budget: DiffBudget;
}

/** Pairs what both lists have: by id, then by how it reads, then by its kind in the same order. */
function matchLists(live: List, target: List, lists: Lists): readonly Match[] {
  const same = (a: Value, b: Value): boolean => isLike(a, b) || (!isShared(a) && !isShared(b) && isSame(a, b));
  const byId = alignById(visibleRuns(live), visibleRuns(target), same);
  const matches: Match[] = [];
  for (const { gap, match } of withGaps(byId, lists.from.length, lists.to.length)) {
    if (gap !== null) matches.push(...matchGap(gap, lists));
    if (match !== null) matches.push(match);
  }
  return matches;
}

function matchGap(gap: Gap, lists: Lists): readonly Match[] {
  const { from, to, budget } = lists;
  const [before, after] = [from.slice(gap.live, gap.liveEnd), to.slice(gap.target, gap.targetEnd)];
  if (before.length === 0 || after.length === 0) return [];
  const changes = diffKeys(
    before.map((value) => canonicalOf(value)),
    after.map((value) => canonicalOf(value)),
    budget,
  );
  const alike = (changes ?? [])
    .filter(({ kind }) => kind === 'equal')
    .map((change) => ({ live: gap.live + change.before, target: gap.target + change.after, length: change.length }));
  const matches: Match[] = [];
  let { live, target } = gap;
  for (const match of [...alike, null]) {
    const rest = { live, liveEnd: match?.live ?? gap.liveEnd, target, targetEnd: match?.target ?? gap.targetEnd };
    matches.push(...matchByKind(rest, from, to));
    if (match === null) break;
    matches.push(match);
    [live, target] = [match.live + match.length, match.target + match.length];
  }
  return matches;
}

/** Elements ahead that are tried for one: pairs far apart are no better than a new element. */
const LOOK_AHEAD_MAX = 32;

/** Pairs each element with the next one that it can be changed into. */
function matchByKind(gap: Gap, from: readonly Value[], to: readonly Value[]): readonly Match[] {
  const matches: Match[] = [];
  let { target } = gap;
  for (let live = gap.live; live < gap.liveEnd && target < gap.targetEnd; live += 1) {
    const end = Math.min(gap.targetEnd, target + LOOK_AHEAD_MAX);
    let at = target;
    while (at < end && !isLike(from[live], to[at])) at += 1;
    if (at >= end) continue;
    matches.push({ live, target: at, length: 1 });
    target = at + 1;
  }
  return matches;
}
