import * as Y from 'yjs';
import { type ContentType, type RootKind, rootsOf } from './content-types.ts';

/** A root of a document. */
export type Root = Y.Text | Y.Map<unknown> | Y.Array<unknown> | Y.XmlFragment;

/** An empty document of a content type, with its roots defined. */
export function emptyDoc(contentType: ContentType): Y.Doc {
  // Nobody asks for its name, and making one up takes 32 random numbers: more than the document itself.
  const doc = new Y.Doc({ gc: true, guid: '' });
  for (const [name, kind] of Object.entries(rootsOf(contentType))) rootOf(doc, name, kind);
  return doc;
}

/** A root by its kind. */
export function rootOf(doc: Y.Doc, name: string, kind: RootKind): Root {
  switch (kind) {
    case 'text':
      return doc.getText(name);
    case 'map':
      return doc.getMap(name);
    case 'array':
      return doc.getArray(name);
    case 'xml':
      return doc.getXmlFragment(name);
  }
}
