import { canonicalOf } from '../reconcile/values.ts';
import { type DiffBudget, diffKeys, diffText, type TextPart } from '../text-diff.ts';
import type { Block } from './blocks.ts';

/** What became of a block. */
export interface BlockChange {
  readonly kind: 'equal' | 'insert' | 'delete' | 'change';
  /** The block as it is afterwards; a deleted one as it was. */
  readonly block: Block;
  /** A changed block as it was. */
  readonly was: Block | null;
  /** How its text became what it is. */
  readonly parts: readonly TextPart[];
}

/** How one list of blocks becomes another. */
export interface BlockDiff {
  readonly blocks: readonly BlockChange[];
  readonly isCoarse: boolean;
}

/** Words in common, as a share of all words, from which two blocks count as one that changed. */
const SIMILARITY_MIN = 0.3;
/** Inserted blocks that are compared with a deleted one. */
const LOOK_AHEAD_MAX = 8;

/** How one list of blocks becomes another; neighbours that resemble each other count as changed. */
export function diffBlocks(before: readonly Block[], after: readonly Block[], budget: DiffBudget): BlockDiff {
  const changes = diffKeys(
    before.map((block) => canonicalOf(block)),
    after.map((block) => canonicalOf(block)),
    budget,
  );
  const result = new Changes(budget);
  if (changes === null) {
    result.isCoarse = true;
    result.replace(before, after);
  }
  let [removed, added]: [readonly Block[], readonly Block[]] = [[], []];
  const flush = (): void => {
    result.replace(removed, added);
    [removed, added] = [[], []];
  };
  for (const change of changes ?? []) {
    if (change.kind === 'equal') {
      flush();
      for (const block of after.slice(change.after, change.after + change.length)) result.add('equal', block);
    } else if (change.kind === 'delete') removed = before.slice(change.before, change.before + change.length);
    else added = after.slice(change.after, change.after + change.length);
  }
  flush();
  return { blocks: result.blocks, isCoarse: result.isCoarse };
}

class Changes {
  readonly blocks: BlockChange[] = [];
  isCoarse = false;
  readonly #budget: DiffBudget;

  constructor(budget: DiffBudget) {
    this.#budget = budget;
  }

  add(kind: 'equal' | 'insert' | 'delete', block: Block): void {
    this.blocks.push({ kind, block, was: null, parts: block.text === '' ? [] : [{ kind, text: block.text }] });
  }

  /** Blocks that went for blocks that came, in the order of both. */
  replace(removed: readonly Block[], added: readonly Block[]): void {
    let next = 0;
    for (const was of removed) {
      const pair = next < added.length ? mostAlike(was, added, next) : -1;
      if (pair < 0) {
        this.add('delete', was);
        continue;
      }
      for (const block of added.slice(next, pair)) this.add('insert', block);
      const block = added[pair];
      if (block !== undefined) this.#change(was, block);
      next = pair + 1;
    }
    for (const block of added.slice(next)) this.add('insert', block);
  }

  #change(was: Block, block: Block): void {
    const { parts, isCoarse } = diffText(was.text, block.text, this.#budget);
    if (isCoarse) this.isCoarse = true;
    this.blocks.push({ kind: 'change', block, was, parts });
  }
}

/** Place of the block that most likely came from another one; -1 when none did. */
function mostAlike(was: Block, added: readonly Block[], from: number): number {
  let best = -1;
  let bestSimilarity = 0;
  const words = wordsOf(was);
  for (let at = from; at < Math.min(added.length, from + LOOK_AHEAD_MAX); at += 1) {
    const block = added[at];
    if (block === undefined || typeOf(block) !== typeOf(was)) continue;
    const similarity = similarityOf(words, wordsOf(block));
    if (similarity < SIMILARITY_MIN || similarity <= bestSimilarity) continue;
    [best, bestSimilarity] = [at, similarity];
  }
  return best;
}

const typeOf = (block: Block): string => block.path.at(-1)?.type ?? '';

/** Words of a block that are looked at: those of a long paragraph tell enough. */
const WORDS_MAX = 500;

const wordsOf = (block: Block): readonly string[] =>
  block.text
    .slice(0, WORDS_MAX * 8)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);

/** Dice's coefficient of the words as a multiset; blocks without words are alike. */
function similarityOf(some: readonly string[], others: readonly string[]): number {
  if (some.length + others.length === 0) return 1;
  const counts = new Map<string, number>();
  for (const word of some) counts.set(word, (counts.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of others) {
    const count = counts.get(word) ?? 0;
    if (count === 0) continue;
    common += 1;
    counts.set(word, count - 1);
  }
  return (2 * common) / (some.length + others.length);
}
