import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import { VISIBILITIES } from '../domain/access.ts';
import { ContentTypeSchema, Id, oneOf } from './schemas.ts';

const DocumentRef = {
  documentId: Id,
  title: Type.String({ description: 'Empty for a private document.' }),
};

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

/**
 * The content of a document was changed, by sockets: told after a pause in editing, for all edits since it was told last.
 * Who wrote what stands in the log.
 */
export const documentEdited = defineEvent({
  name: 'document.document.edited.v1',
  payload: Type.Object({
    ...DocumentRef,
    fromVersion: Type.Integer({ description: 'Version before the first of the edits.' }),
    toVersion: Type.Integer({ description: 'Version after the last.' }),
  }),
});

/** A document was deleted with its log. */
export const documentDeleted = defineEvent({
  name: 'document.document.deleted.v1',
  payload: Type.Object(DocumentRef),
});

/** A document shows itself to others than before. */
export const documentVisibilityChanged = defineEvent({
  name: 'document.document.visibility-changed.v1',
  payload: Type.Object({ documentId: Id, visibility: oneOf(VISIBILITIES, 'Whom it shows itself to.') }),
});
