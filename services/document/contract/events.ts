import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import { ContentTypeSchema, Id } from './schemas.ts';

const DocumentRef = { documentId: Id, title: Type.String() };

/** A document was created. */
export const documentCreated = defineEvent({
  name: 'document.document.created.v1',
  payload: Type.Object({ ...DocumentRef, contentType: ContentTypeSchema }),
});

/** A document got another title. Changes of content are not events: they stand in the log of the document. */
export const documentRenamed = defineEvent({
  name: 'document.document.renamed.v1',
  payload: Type.Object(DocumentRef),
});

/** A document was deleted with its log. */
export const documentDeleted = defineEvent({
  name: 'document.document.deleted.v1',
  payload: Type.Object(DocumentRef),
});
