import * as Y from 'yjs';

/** Calls back with each run of visible characters of a text and where it begins, until the callback says to stop. */
function eachRun(text: Y.Text, visit: (run: string, start: number) => boolean): void {
  let start = 0;
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !item.countable) continue;
    if (item.content instanceof Y.ContentString && !visit(item.content.str, start)) return;
    start += item.length;
  }
}

/** Whether a place lies between the halves of a surrogate pair, where Yjs would spoil both. */
export function splitsPair(text: Y.Text, index: number): boolean {
  let splits = false;
  eachRun(text, (run, start) => {
    const offset = index - start;
    if (offset > 0 && offset < run.length) {
      splits = isHigh(run.charCodeAt(offset - 1)) && isLow(run.charCodeAt(offset));
    }
    return start + run.length < index;
  });
  return splits;
}

/** The characters of a range, without building the whole text. */
export function readRange(text: Y.Text, index: number, length: number): string {
  let found = '';
  eachRun(text, (run, start) => {
    found += run.slice(Math.max(0, index - start), Math.max(0, index + length - start));
    return start + run.length < index + length;
  });
  return found;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
