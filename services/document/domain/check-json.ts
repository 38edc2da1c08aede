import * as Y from 'yjs';
import { textItemProblem } from './check-text.ts';
import { CONTENT_DEPTH_MAX, sayableProblem } from './json-value.ts';
import { depthOf, isExactly, type SharedType, typeOf } from './shared-items.ts';

const NOT_JSON = 'holds a value that JSON cannot say';

/** What is wrong with an item of structured JSON: maps, lists and texts in each other, and plain values. */
export function jsonItemProblem(item: Y.Item, parent: SharedType): string | null {
  if (parent instanceof Y.Text) return textItemProblem(item);
  const hasKey = item.parentSub !== null;
  if (hasKey !== parent instanceof Y.Map) {
    return hasKey ? 'writes a key where a list is' : 'writes a sequence where a map is';
  }
  const depth = depthOf(parent, CONTENT_DEPTH_MAX) + 1;
  const inner = typeOf(item);
  if (inner === null) return valuesProblem(item, depth);
  if (depth > CONTENT_DEPTH_MAX) return `is nested more than ${CONTENT_DEPTH_MAX} levels deep`;
  return isExactly(inner, Y.Map) || isExactly(inner, Y.Array) || isExactly(inner, Y.Text) ? null : NOT_JSON;
}

function valuesProblem({ content }: Y.Item, depth: number): string | null {
  if (content instanceof Y.ContentString) return null;
  if (!(content instanceof Y.ContentAny || content instanceof Y.ContentJSON)) return NOT_JSON;
  for (const value of content.arr as readonly unknown[]) {
    const problem = sayableProblem(value, depth);
    if (problem !== null) return problem;
  }
  return null;
}
