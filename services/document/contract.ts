import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { type TSchema, Type } from 'typebox';
import { CONTENT_TYPES, type ContentType } from './domain/content-types.ts';

/** Refusals of this service. */
export const documentErrors = defineErrors({
  invalidOperation: {
    code: 'INVALID_OPERATION',
    status: 422,
    title: 'An operation cannot be done to this document; none of the call was done.',
  },
  missingDependencies: {
    code: 'MISSING_DEPENDENCIES',
    status: 409,
    title: 'An update builds on others that this document has not seen; send the difference to its state vector.',
  },
  documentTooLarge: {
    code: 'DOCUMENT_TOO_LARGE',
    status: 413,
    title: 'The document would become larger than a document may be.',
  },
});

const oneOf = <const T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });
const strict = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ format: 'uuid' });
const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601.' });
const Bytes = (description: string) =>
  Type.String({ contentEncoding: 'base64', description: `Base64. ${description}` });

/** Content types of documents. */
export const ContentTypeSchema = oneOf(Object.keys(CONTENT_TYPES) as ContentType[], 'What the document is made of.');

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

const listed = {
  id: Id,
  tenantId: Id,
  title: Type.String(),
  contentType: ContentTypeSchema,
  version: Type.Integer({
    description: 'Sequence of the last update; 0 for an empty document. The number in the ETag.',
  }),
  cursor: Type.String({ description: 'Follows the updates after this version.' }),
  createdBy: nullable(Id),
  createdAt: Time,
  updatedAt: Time,
};

/** A document as REST lists show it: everything but its content. */
export const ListedDocumentSchema = strict(listed);

/** A document as REST shows it. */
export const DocumentSchema = strict({
  ...listed,
  content: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The roots by name: text of texts, JSON of maps.',
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

/** One update of the log. */
export const DocumentUpdateSchema = strict({
  version: Type.Integer({ description: 'Its sequence: 1, 2, 3, … without gaps.' }),
  update: Bytes('A Yjs update, encoding V1.'),
  actor: strict({ kind: Type.String(), id: Type.String(), userId: nullable(Id) }),
  origin: Type.String({ description: 'The way it came: rest, graphql, socket, restore or system.' }),
  createdAt: Time,
});

const Path = Type.Array(Type.Union([Type.String({ maxLength: 255 }), Type.Integer({ minimum: 0 })]), {
  minItems: 1,
  maxItems: 32,
  description: 'The name of a root, then keys of maps and indexes of lists.',
});
const At = Type.Union(
  [
    strict({ index: Type.Integer({ minimum: 0, description: 'UTF-16 units from the start.' }) }),
    strict({ relative: Bytes('An encoded Yjs relative position; it survives concurrent edits.') }),
  ],
  { description: 'A place in a text.' },
);
const Length = Type.Integer({ minimum: 0, description: 'UTF-16 units.' });
const AttributesSchema = Type.Record(Type.String(), Type.Unknown(), { description: 'Attributes of the text.' });

/** One operation on a document, under the name of its kind. */
export const OperationSchema = Type.Union([
  strict({
    yjsUpdate: strict({
      update: Bytes('A Yjs update, at most 1 MiB.'),
      encoding: Type.Optional(oneOf(['V1', 'V2'], 'Encoding of the update; default V1.')),
    }),
  }),
  strict({
    textInsert: strict({ path: Path, at: At, text: Type.String(), attributes: Type.Optional(AttributesSchema) }),
  }),
  strict({
    textDelete: strict({
      path: Path,
      at: At,
      length: Length,
      expect: Type.Optional(Type.String({ description: 'What must stand there for the deletion to happen.' })),
    }),
  }),
  strict({ textFormat: strict({ path: Path, at: At, length: Length, attributes: AttributesSchema }) }),
  strict({
    mapSet: strict({
      path: Path,
      key: Type.String({ maxLength: 1_024 }),
      value: Type.Unknown(),
      ifAbsent: Type.Optional(Type.Boolean({ description: 'Leaves a key that is there as it is.' })),
    }),
  }),
  strict({ mapDelete: strict({ path: Path, key: Type.String({ maxLength: 1_024 }) }) }),
]);
