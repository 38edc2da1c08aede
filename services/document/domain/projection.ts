import * as Y from 'yjs';
import { type ContentType, rootsOf } from './content-types.ts';
import { plainTextOf, richTextOf } from './rich-text.ts';
import { jsonOf, readable } from './shared-json.ts';
import { rootOf } from './shared-types.ts';

/** The content of a document in readable form. */
export interface Projection {
  /** By the name of the root: text of texts, JSON of maps and lists, ProseMirror's JSON of rich text. */
  readonly roots: Readonly<Record<string, unknown>>;
  /** All of it as plain text, blocks and items on lines of their own. */
  readonly text: string;
}

/**
 * The readable form of a document that `checkContent` has nothing against. Characters that PostgreSQL cannot store (U+0000,
 * halves of surrogate pairs) show as U+FFFD; the log keeps them.
 * @throws NotJson when a map holds what JSON cannot say.
 */
export function project(doc: Y.Doc, contentType: ContentType): Projection {
  const roots: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [name, kind] of Object.entries(rootsOf(contentType))) {
    const { value, text } = projectRoot(rootOf(doc, name, kind));
    roots[name] = value;
    texts.push(text);
  }
  return { roots, text: texts.join('\n') };
}

function projectRoot(root: ReturnType<typeof rootOf>): { readonly value: unknown; readonly text: string } {
  if (root instanceof Y.XmlFragment) {
    const value = richTextOf(root);
    return { value, text: plainTextOf(value) };
  }
  if (root instanceof Y.Text) {
    const text = readable(root.toString());
    return { value: text, text };
  }
  const value = jsonOf(root, 0);
  return { value, text: Array.isArray(value) ? value.map(lineOf).join('\n') : JSON.stringify(value) };
}

/** An item of a checklist as a line. */
const lineOf = (item: unknown): string => {
  const { text, done } = item as { readonly text?: unknown; readonly done?: unknown };
  return `${done === true ? '[x]' : '[ ]'} ${typeof text === 'string' ? text : ''}`;
};
