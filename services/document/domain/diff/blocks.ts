import type { ChecklistItem } from '../checklist.ts';
import type { RichNode } from '../rich-text.ts';
import { plainTextOf } from '../rich-text.ts';
import { richNode } from '../rich-text-schema.ts';

/** A node on the way to a block: its type and attributes. */
export interface BlockNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** A piece of a document that stands for itself: a paragraph, a heading, a row of a list, an item of a checklist. */
export interface Block {
  /** The nodes it lies in, from the outside, and itself last. */
  readonly path: readonly BlockNode[];
  /** What is in it: ProseMirror's inline nodes. */
  readonly content: readonly RichNode[];
  readonly text: string;
}

/** The blocks of rich text in their order. */
export function blocksOf(root: RichNode): readonly Block[] {
  const blocks: Block[] = [];
  // A stack of its own keeps the order: the children of a node go before its neighbours.
  const waiting: { readonly node: RichNode; readonly within: readonly BlockNode[] }[] = [];
  const push = (children: readonly RichNode[], within: readonly BlockNode[]): void => {
    for (const node of children.toReversed()) waiting.push({ node, within });
  };
  push(root.content ?? [], []);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, within } = next;
    const path = [...within, node.attrs === undefined ? { type: node.type } : { type: node.type, attrs: node.attrs }];
    const children = node.content ?? [];
    if (holdsBlocks(node) && children.length > 0) push(children, path);
    else blocks.push({ path, content: children, text: plainTextOf(node) });
  }
  return blocks;
}

function holdsBlocks(node: RichNode): boolean {
  const of = richNode(node.type)?.content?.of;
  return of !== undefined && of !== 'inline' && of !== 'text';
}

/** The items of a checklist as blocks. */
export const itemsAsBlocks = (items: readonly ChecklistItem[]): readonly Block[] =>
  items.map(({ text, ...attrs }) => ({
    path: [{ type: 'checklistItem', attrs }],
    content: text === '' ? [] : [{ type: 'text', text }],
    text,
  }));
