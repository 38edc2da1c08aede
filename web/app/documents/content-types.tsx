import { Braces, File, FileText, Hash, ListChecks, Type } from 'lucide-react';
import type { ReactNode } from 'react';

/** A kind of document as people see it. */
export interface DocumentKind {
  readonly contentType: string;
  readonly name: string;
  readonly icon: ReactNode;
  /** What it is for, in a line. */
  readonly text: string;
}

/** Kinds of documents in the order they are offered. */
export const DOCUMENT_KINDS: readonly DocumentKind[] = [
  {
    contentType: 'application/vnd.candlefish.richtext',
    name: 'Text',
    icon: <FileText aria-hidden />,
    text: 'Headings, lists, tables and all that.',
  },
  {
    contentType: 'application/vnd.candlefish.checklist',
    name: 'Checklist',
    icon: <ListChecks aria-hidden />,
    text: 'Things to do, ticked off together.',
  },
  {
    contentType: 'text/markdown',
    name: 'Markdown',
    icon: <Hash aria-hidden />,
    text: 'Text with marks, as programmers and agents like it.',
  },
  { contentType: 'text/plain', name: 'Plain text', icon: <Type aria-hidden />, text: 'Letters and nothing else.' },
  {
    contentType: 'application/json',
    name: 'Data',
    icon: <Braces aria-hidden />,
    text: 'Named values that programs read.',
  },
];

const UNKNOWN = { icon: <File aria-hidden /> } as const;

/** The kind of a content type; types that the console does not know yet go by their own name. */
export const kindOf = (contentType: string): Omit<DocumentKind, 'text'> =>
  DOCUMENT_KINDS.find((kind) => kind.contentType === contentType) ?? { contentType, name: contentType, ...UNKNOWN };
