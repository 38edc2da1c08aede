import type * as Y from 'yjs';

/** Brings a shared text to a new wording by the one change between what both begin and end with. */
export function changeText(text: Y.Text, next: string): void {
  const before = text.toString();
  const shorter = Math.min(before.length, next.length);
  let start = 0;
  while (start < shorter && before[start] === next[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === next.at(-1 - end)) end += 1;
  text.doc?.transact(() => {
    if (before.length > start + end) text.delete(start, before.length - start - end);
    if (next.length > start + end) text.insert(start, next.slice(start, next.length - end));
  });
}
