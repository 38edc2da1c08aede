import { type DocumentNode, print } from 'graphql';

/** Texts of documents that are asked for again and again. */
const texts = new WeakMap<DocumentNode, string>();

/** The text of a document, the same for every parsing of it; printed once per object. */
export function textOf(document: DocumentNode): string {
  let text = texts.get(document);
  if (text === undefined) {
    text = print(document);
    texts.set(document, text);
  }
  return text;
}
