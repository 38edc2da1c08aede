/** Kind of a shared type at the root of a document. */
export type RootKind = 'text' | 'map' | 'array' | 'xml';

/** What a document of a content type is made of. */
export interface ContentTypeSpec {
  /** Roots by name; a document has no others. */
  readonly roots: Readonly<Record<string, RootKind>>;
}

/** Text with formatting, headings, lists, tables and so on: what `rich-text-schema.ts` allows. */
export const RICH_TEXT = 'application/vnd.candlefish.richtext';
/** Things to do, in an order. */
export const CHECKLIST = 'application/vnd.candlefish.checklist';

/** The content types there are. A new one is a line here and a migration of the check on `documents.content_type`. */
export const CONTENT_TYPES = {
  'text/plain': { roots: { content: 'text' } },
  'text/markdown': { roots: { content: 'text' } },
  'application/json': { roots: { data: 'map' } },
  // The field that Tiptap's Collaboration extension takes when it is told none.
  [RICH_TEXT]: { roots: { default: 'xml' } },
  [CHECKLIST]: { roots: { items: 'array' } },
} as const satisfies Readonly<Record<string, ContentTypeSpec>>;

export type ContentType = keyof typeof CONTENT_TYPES;

/** The content type of a document that names none. */
export const CONTENT_TYPE_DEFAULT: ContentType = 'text/plain';

export const isContentType = (name: string): name is ContentType => Object.hasOwn(CONTENT_TYPES, name);

/** Roots of a content type by name. */
export const rootsOf = (contentType: ContentType): ContentTypeSpec['roots'] => CONTENT_TYPES[contentType].roots;
