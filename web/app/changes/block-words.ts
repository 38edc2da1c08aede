/** A node of rich text in the path of a block. */
export interface PathNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
}

/** How a block reads: what it is called, if that has to be said, and how its text looks. */
export interface BlockWords {
  readonly name: string | null;
  readonly look: 'code' | 'heading' | 'quote' | null;
}

const CONTAINERS: Readonly<Record<string, string>> = {
  bulletList: 'List',
  orderedList: 'Numbered list',
  tableHeader: 'Head of the table',
  tableCell: 'Cell',
  image: 'Picture',
  horizontalRule: 'Line',
};

/** What a block is, by the nodes it lies in from the outside. */
export function describeBlock(path: readonly PathNode[]): BlockWords {
  const names = path.map(nameOf).filter((name) => name !== null);
  const types = new Set(path.map(({ type }) => type));
  const look = types.has('heading')
    ? 'heading'
    : types.has('codeBlock')
      ? 'code'
      : types.has('blockquote')
        ? 'quote'
        : null;
  return { name: names.length === 0 ? null : names.join(' · '), look };
}

function nameOf({ type, attrs }: PathNode): string | null {
  if (type === 'heading') return `Heading ${String(attrs?.['level'] ?? 1)}`;
  if (type === 'taskItem') return attrs?.['checked'] === true ? '☑ Done' : '☐ To do';
  if (type === 'checklistItem') return attrs?.['done'] === true ? '☑ Done' : '☐ To do';
  return CONTAINERS[type] ?? null;
}

/** What changed of a block beside its text; null for nothing that can be said. */
export function noteOf(was: readonly PathNode[], is: readonly PathNode[]): string | null {
  const [before, after] = [describeBlock(was).name ?? 'Paragraph', describeBlock(is).name ?? 'Paragraph'];
  if (before !== after) return `was: ${before}`;
  return JSON.stringify(was) === JSON.stringify(is) ? null : 'formatted in another way';
}
