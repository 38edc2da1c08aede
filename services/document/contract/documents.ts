import { Type } from 'typebox';
import { AccessLevelSchema, VisibilitySchema } from './access.ts';
import { SnippetSchema } from './content.ts';
import { Bytes, ContentTypeSchema, Id, nullable, strict, Time } from './schemas.ts';

const listed = {
  id: Id,
  tenantId: Id,
  title: Type.String(),
  contentType: ContentTypeSchema,
  visibility: VisibilitySchema,
  access: AccessLevelSchema,
  version: Type.Integer({
    description: 'Sequence of the last update; 0 for an empty document. The number in the ETag.',
  }),
  cursor: Type.String({ description: 'Follows the updates after this version.' }),
  createdBy: nullable(Id),
  createdAt: Time,
  updatedAt: Time,
  snippet: Type.Optional(SnippetSchema),
};

/** A document as REST lists show it: everything but its content. */
export const ListedDocumentSchema = strict(listed);

/** A document as REST shows it. */
export const DocumentSchema = strict({
  ...listed,
  content: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The roots by name: text of texts, JSON of maps and lists, ProseMirror’s JSON of rich text.',
  }),
  text: Type.String({ description: 'The content as plain text.' }),
});

/** The whole state of a document, for a client that begins to edit. */
export const DocumentStateSchema = strict({
  version: Type.Integer(),
  cursor: Type.String(),
  update: Bytes('The state as one Yjs update, encoding V1.'),
  stateVector: Bytes('The Yjs state vector.'),
});

/** What came of a call of `collaborate`. */
export const CollaborationSchema = strict({
  version: Type.Integer({
    description: 'Sequence of the update that was made, or the present one when nothing changed.',
  }),
  stateVector: Bytes('The Yjs state vector afterwards.'),
  update: Bytes('The change as one Yjs update, encoding V1; empty when nothing changed.'),
  applied: Type.Integer({ description: 'Operations that were taken.' }),
});

/** What a tenant keeps and may keep. */
export const DocumentUsageSchema = strict({
  documents: Type.Integer({ description: 'Documents of the tenant.' }),
  documentsMax: Type.Integer(),
  bytes: Type.Integer({ description: 'Bytes of their logs, snapshots and kept states as they are stored.' }),
  bytesMax: Type.Integer({ description: 'Beyond them nothing is written but deletions.' }),
});

/** One update of the log. */
export const DocumentUpdateSchema = strict({
  version: Type.Integer({ description: 'Its sequence: 1, 2, 3, … without gaps.' }),
  update: Bytes('A Yjs update, encoding V1.'),
  actor: strict({ kind: Type.String(), id: Type.String(), userId: nullable(Id) }),
  origin: Type.String({
    description: 'The way it came: rest, graphql, socket, restore, merge, undo, erasure or system.',
  }),
  createdAt: Time,
});
