import type { ChecklistItem } from '../checklist.ts';
import { CHECKLIST, type ContentType, RICH_TEXT } from '../content-types.ts';
import type { Projection } from '../projection.ts';
import type { RichNode } from '../rich-text.ts';
import { DiffBudget, diffText, type TextPart } from '../text-diff.ts';
import { type BlockChange, diffBlocks } from './block-diff.ts';
import { blocksOf, itemsAsBlocks } from './blocks.ts';
import { diffJson, type JsonChange } from './json-diff.ts';

/** How one root of a document became another; what does not fit its kind is null. */
export interface RootDiff {
  readonly root: string;
  /** Of a text. */
  readonly parts: readonly TextPart[] | null;
  /** Of rich text and checklists. */
  readonly blocks: readonly BlockChange[] | null;
  /** Of JSON and checklists: a JSON Patch for the root. */
  readonly patch: readonly JsonChange[] | null;
}

/** How one content became another. */
export interface ContentDiff {
  readonly roots: readonly RootDiff[];
  /** Characters that came, in UTF-16 units of the text. */
  readonly inserted: number;
  /** Characters that went. */
  readonly deleted: number;
  /** Whether something was too large to be compared closely, so that it shows as deleted and inserted whole. */
  readonly isCoarse: boolean;
}

/** How one content of a content type became another. */
export function diffContent(
  before: Projection,
  after: Projection,
  contentType: ContentType,
  budget = new DiffBudget(),
): ContentDiff {
  const roots: RootDiff[] = [];
  let isCoarse = false;
  const count = { inserted: 0, deleted: 0 };
  for (const root of Object.keys(after.roots)) {
    const diff = diffRoot([before.roots[root], after.roots[root]], contentType, budget);
    if (diff.isCoarse) isCoarse = true;
    const { parts, blocks, patch } = diff;
    roots.push({ root, parts, blocks, patch });
    for (const part of [...(parts ?? []), ...(blocks ?? []).flatMap((block) => block.parts)]) {
      if (part.kind === 'insert') count.inserted += part.text.length;
      else if (part.kind === 'delete') count.deleted += part.text.length;
    }
  }
  return { roots, ...count, isCoarse };
}

type Compared = Omit<RootDiff, 'root'> & { readonly isCoarse: boolean };

function diffRoot(
  [before, after]: readonly [unknown, unknown],
  contentType: ContentType,
  budget: DiffBudget,
): Compared {
  switch (contentType) {
    case RICH_TEXT: {
      const { blocks, isCoarse } = diffBlocks(blocksOf(before as RichNode), blocksOf(after as RichNode), budget);
      return { parts: null, blocks, patch: null, isCoarse };
    }
    case CHECKLIST: {
      const [was, is] = [before as readonly ChecklistItem[], after as readonly ChecklistItem[]];
      const { blocks, isCoarse } = diffBlocks(itemsAsBlocks(was), itemsAsBlocks(is), budget);
      const json = diffJson(was, is, budget);
      return { parts: null, blocks, patch: json.changes, isCoarse: isCoarse || json.isCoarse };
    }
    case 'application/json': {
      const { changes, isCoarse } = diffJson(before, after, budget);
      return { parts: null, blocks: null, patch: changes, isCoarse };
    }
    default: {
      const { parts, isCoarse } = diffText(String(before), String(after), budget);
      return { parts, blocks: null, patch: null, isCoarse };
    }
  }
}
