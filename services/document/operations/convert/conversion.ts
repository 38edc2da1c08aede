import type { ContentType } from '../../domain/content-types.ts';
import { contentAsRich } from './content-as-rich.ts';
import { type FirstContent, type GivenContent, readContent, Unreadable } from './read-content.ts';
import { richToHtml } from './rich-to-html.ts';
import { richToMarkdown } from './rich-to-markdown.ts';

/** A content on its way out, to a form that takes work. */
export interface ContentToWrite {
  readonly format: 'markdown' | 'html' | 'pdf';
  readonly title: string;
  readonly contentType: ContentType;
  readonly roots: Readonly<Record<string, unknown>>;
  /** When the document was made: the date that a form may bear. */
  readonly createdAt: Date;
}

/** Work that takes too long for the thread that answers requests. All of it can be copied from thread to thread. */
export type Conversion =
  | { readonly kind: 'read'; readonly given: GivenContent }
  | { readonly kind: 'write'; readonly content: ContentToWrite };

/** What came of a conversion. */
export type Converted =
  | { readonly kind: 'first'; readonly first: FirstContent | null }
  | { readonly kind: 'written'; readonly written: string | Uint8Array }
  | { readonly kind: 'unreadable'; readonly pointer: string; readonly message: string };

/** Carries out a conversion. @throws whatever a parser throws at a content that is beyond it. */
export async function convert(conversion: Conversion): Promise<Converted> {
  if (conversion.kind === 'write') return { kind: 'written', written: await write(conversion.content) };
  try {
    return { kind: 'first', first: readContent(conversion.given) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: 'unreadable', pointer: error.pointer, message: error.message };
  }
}

async function write({ format, title, contentType, roots, createdAt }: ContentToWrite): Promise<string | Uint8Array> {
  const rich = contentAsRich(contentType, roots);
  switch (format) {
    case 'markdown':
      return richToMarkdown(rich);
    case 'html':
      return richToHtml(rich, title);
    case 'pdf': {
      // Its libraries take as long to read as all others together: only who needs them waits for them.
      const { richToPdf } = await import('./rich-to-pdf.ts');
      return richToPdf(rich, title, createdAt);
    }
  }
}
