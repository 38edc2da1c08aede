import type * as Y from 'yjs';

/** Brings a shared text to a new wording by the one change between what both begin and end with. */
export function changeText(text: Y.Text, next: string): void {
  const before = text.toString();
  const start = commonStart(before, next);
  const end = commonEnd(before, next, start);
  text.doc?.transact(() => {
    if (before.length > start + end) text.delete(start, before.length - start - end);
    if (next.length > start + end) text.insert(start, next.slice(start, next.length - end));
  });
}

/** UTF-16 units that both begin with. Pairs that are one character stay whole: half of one cannot be stored. */
function commonStart(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start += 1;
  return isHigh(one.charCodeAt(start - 1)) ? start - 1 : start;
}

/** UTF-16 units that both end with, behind what they begin with. */
function commonEnd(one: string, other: string, start: number): number {
  const most = Math.min(one.length, other.length) - start;
  let end = 0;
  while (end < most && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return isLow(one.charCodeAt(one.length - end)) ? end - 1 : end;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
