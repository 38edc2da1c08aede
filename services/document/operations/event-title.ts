/**
 * The title that events of a document tell: none for a private one, since more people may read events than may know of
 * the document.
 */
export const eventTitle = (document: { readonly title: string; readonly visibility: string }): string =>
  document.visibility === 'private' ? '' : document.title;
