import * as Y from 'yjs';
import { textItemProblem } from './check-text.ts';
import { checklistValueProblem } from './checklist.ts';
import { isExactly, type SharedType, typeOf } from './shared-items.ts';

/** What is wrong with an item of a checklist's document, or null. */
export function checklistItemProblem(item: Y.Item, parent: SharedType): string | null {
  if (parent._item === null) {
    if (item.parentSub !== null) return 'writes a key where a list is';
    return isExactly(typeOf(item), Y.Map) ? null : 'puts something else than items into a checklist';
  }
  if (parent instanceof Y.Text) return textItemProblem(item);
  if (!isExactly(parent, Y.Map) || item.parentSub === null) return 'writes a sequence where an item is';
  return partProblem(item, item.parentSub);
}

function partProblem(item: Y.Item, key: string): string | null {
  if (key === 'text') return isExactly(typeOf(item), Y.Text) ? null : 'gives an item a text that is not shared';
  const values = item.content instanceof Y.ContentAny ? (item.content.arr as readonly unknown[]) : [undefined];
  const problem = checklistValueProblem(key, values.at(-1));
  return problem === null ? null : `holds an item whose ${key} ${problem}`;
}

/** What an item lacks, or null. */
export function checklistProblem(type: SharedType, roots: ReadonlyMap<unknown, string>): string | null {
  if (!isExactly(type, Y.Map) || !roots.has(type._item?.parent)) return null;
  const missing = ['id', 'text', 'done'].find((key) => !type.has(key));
  return missing === undefined ? null : `leaves an item without ${missing}`;
}
