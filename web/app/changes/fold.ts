import type { RootChangesFragment } from '@candlefish/web-graphql/operations/changes';

/** A part of a text in a comparison. */
export type TextPart = NonNullable<RootChangesFragment['parts']>[number];

/** A part as it is shown: `folded` stands for lines that both have and nobody needs to read. */
export type ShownPart = TextPart | { readonly kind: 'folded'; readonly text: string; readonly lines: number };

/** Lines shown around a change, to know where it is. */
const AROUND = 3;

/** Folds what both have away, but for a few lines around each change. Nothing is folded that saves less than two lines. */
export const foldText = (parts: readonly TextPart[]): readonly ShownPart[] =>
  parts.flatMap((part, index) =>
    part.kind === 'equal' ? foldEqual(part, index > 0, index < parts.length - 1) : [part],
  );

function foldEqual(part: TextPart, isAfterChange: boolean, isBeforeChange: boolean): readonly ShownPart[] {
  const lines = part.text.split('\n');
  const start = isAfterChange ? AROUND : 0;
  const end = lines.length - (isBeforeChange ? AROUND : 0);
  if (end - start < 2) return [part];
  const joined = (from: number, to: number): string => lines.slice(from, to).join('\n');
  const head = start === 0 ? '' : `${joined(0, start)}\n`;
  const tail = end === lines.length ? '' : `\n${joined(end, lines.length)}`;
  return [
    ...(head === '' ? [] : [{ kind: 'equal' as const, text: head }]),
    { kind: 'folded', text: joined(start, end), lines: end - start },
    ...(tail === '' ? [] : [{ kind: 'equal' as const, text: tail }]),
  ];
}

/** Which of a row of things are shown: those that changed and `around` on both sides of them. */
export function nearChanges<Item>(
  items: readonly Item[],
  isChanged: (item: Item) => boolean,
  around: number,
): readonly boolean[] {
  const shown = items.map(() => false);
  for (const [index, item] of items.entries()) {
    if (!isChanged(item)) continue;
    const last = Math.min(items.length - 1, index + around);
    for (let near = Math.max(0, index - around); near <= last; near++) shown[near] = true;
  }
  return shown;
}
