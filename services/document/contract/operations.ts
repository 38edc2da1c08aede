import { Type } from 'typebox';
import { Bytes, oneOf, strict } from './schemas.ts';

const Path = Type.Array(Type.Union([Type.String({ maxLength: 255 }), Type.Integer({ minimum: 0 })]), {
  minItems: 1,
  maxItems: 32,
  description: 'The name of a root, then keys of maps and indexes of lists and of nodes.',
});
const At = Type.Union(
  [
    strict({ index: Type.Integer({ minimum: 0, description: 'UTF-16 units from the start.' }) }),
    strict({ relative: Bytes('An encoded Yjs relative position; it survives concurrent edits.') }),
  ],
  { description: 'A place in a text.' },
);
const Length = Type.Integer({ minimum: 0, description: 'UTF-16 units.' });
const Place = Type.Integer({ minimum: 0, description: 'Items before it.' });
const Shared = Type.Boolean({
  description:
    'Makes objects and lists shared, so that others may change parts of them; else they are replaced as a whole.',
});
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
      shared: Type.Optional(Shared),
    }),
  }),
  strict({ mapDelete: strict({ path: Path, key: Type.String({ maxLength: 1_024 }) }) }),
  strict({
    arrayInsert: strict({
      path: Path,
      index: Place,
      values: Type.Array(Type.Unknown(), {
        minItems: 1,
        maxItems: 1_000,
        description:
          'JSON for lists, items `{text, done?, assigneeId?, dueOn?}` for checklists, ProseMirror nodes for rich text.',
      }),
      shared: Type.Optional(Shared),
    }),
  }),
  strict({ arrayDelete: strict({ path: Path, index: Place, length: Type.Integer({ minimum: 0 }) }) }),
  strict({
    arrayMove: strict({
      path: Path,
      from: Place,
      to: Type.Integer({
        minimum: 0,
        description:
          'Where it stands afterwards. It is taken out and put in again: what others do to it at the same time is lost, and two ' +
          'moves at once make two of it.',
      }),
    }),
  }),
]);
