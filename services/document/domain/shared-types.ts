import * as Y from 'yjs';
import { type ContentType, type RootKind, rootsOf } from './content-types.ts';

/** An empty document of a content type, with its roots defined. */
export function emptyDoc(contentType: ContentType): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  for (const [name, kind] of Object.entries(rootsOf(contentType))) rootOf(doc, name, kind);
  return doc;
}

/** A root by its kind. */
export const rootOf = (doc: Y.Doc, name: string, kind: RootKind): Y.Text | Y.Map<unknown> =>
  kind === 'text' ? doc.getText(name) : doc.getMap(name);

/**
 * What is wrong with the shared types of a document, or null: a root that its content type has not, or content of
 * another kind in a root. Raw updates can write either, and reading would quietly leave it out.
 */
export function structureProblem(doc: Y.Doc, contentType: ContentType): string | null {
  const roots = rootsOf(contentType);
  for (const [name, type] of doc.share) {
    const kind = Object.hasOwn(roots, name) ? roots[name] : undefined;
    if (kind === undefined) {
      if (!isUntouched(type)) return `the root ${JSON.stringify(name)} does not belong to ${contentType}`;
    } else if (kind === 'map') {
      if (holdsSequence(type)) return `the root ${JSON.stringify(name)} is a map and holds a sequence`;
    } else if (kind === 'text') {
      const problem = textProblem(type, name);
      if (problem !== null) return problem;
    }
  }
  return null;
}

type RootType = Pick<Y.AbstractType<unknown>, '_start' | '_map'>;

const isUntouched = (type: RootType): boolean => type._start === null && type._map.size === 0;

function holdsSequence(type: RootType): boolean {
  for (let item = type._start; item !== null; item = item.right) if (!item.deleted) return true;
  return false;
}

function textProblem(type: RootType, name: string): string | null {
  if (type._map.size > 0) return `the root ${JSON.stringify(name)} is a text and holds keys`;
  for (let item = type._start; item !== null; item = item.right) {
    const { content } = item;
    if (item.deleted || content instanceof Y.ContentString || content instanceof Y.ContentFormat) continue;
    return `the root ${JSON.stringify(name)} is a text and holds something else`;
  }
  return null;
}
