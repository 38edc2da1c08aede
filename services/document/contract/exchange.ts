import { Type } from 'typebox';
import { ContentTypeSchema, oneOf, strict } from './schemas.ts';

/** Forms in which a document leaves the platform. */
export const EXPORT_FORMATS = ['markdown', 'html', 'json', 'text', 'pdf'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Forms in which one comes. */
export const IMPORT_FORMATS = ['markdown', 'html', 'json', 'text'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Longest content of an import, in characters. */
export const IMPORT_CHARS_MAX = 1024 * 1024;

export const ExportFormatSchema = oneOf(EXPORT_FORMATS, 'The form it leaves in.');

/** A document that comes from elsewhere. */
export const ImportSchema = strict({
  title: Type.String({ minLength: 1, maxLength: 255 }),
  format: oneOf(IMPORT_FORMATS, 'The form of `content`.'),
  content: Type.String({
    maxLength: IMPORT_CHARS_MAX,
    description:
      'For `json`: rich text as ProseMirror has it, a list of items of a checklist, or an object, by the content type.',
  }),
  contentType: Type.Optional(ContentTypeSchema),
});
