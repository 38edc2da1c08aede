import * as Y from 'yjs';
import { sayableProblem } from './json-value.ts';

/** An item of a text: characters, or where formatting begins or ends. */
export function textItemProblem({ content, parentSub }: Y.Item): string | null {
  if (parentSub !== null) return 'writes a key where a text is';
  if (content instanceof Y.ContentString) return null;
  if (content instanceof Y.ContentFormat) return sayableProblem(content.value, 0);
  return 'writes something else than text where a text is';
}
