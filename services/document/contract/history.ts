import { Type } from 'typebox';
import { Id, nullable, strict, Time } from './schemas.ts';
import { ActorSchema } from './versions.ts';

/** What came of undoing. */
export const UndoneSchema = strict({
  version: Type.Integer({
    description: 'Sequence of the change, or the present one when nothing of the update was left.',
  }),
});

/** What one writer did in one go. */
export const HistorySessionSchema = strict({
  actor: ActorSchema,
  fromSequence: Type.Integer(),
  toSequence: Type.Integer(),
  updates: Type.Integer({ description: 'Updates of the writer; others may have written between them.' }),
  bytes: Type.Integer(),
  origins: Type.Array(Type.String(), {
    description: 'The ways they came: rest, graphql, socket, restore, merge, undo, erasure or system.',
  }),
  startedAt: Time,
  endedAt: Time,
  undoneBy: nullable(Type.Integer({ description: 'The version that took one of these updates back.' })),
});

/** Who wrote what of the present content. */
export const AttributionSchema = strict({
  documentId: Id,
  version: Type.Integer(),
  runs: Type.Array(
    strict({
      path: Type.Array(Type.Union([Type.String(), Type.Integer()]), {
        description: 'The root, then keys of maps and places in lists and nodes.',
      }),
      start: Type.Integer({ description: 'Place in the text or list, in UTF-16 units.' }),
      length: Type.Integer(),
      text: nullable(Type.String({ description: 'The characters of a text; null for values and nodes.' })),
      actor: nullable(ActorSchema),
      fromSequence: nullable(
        Type.Integer({ description: 'The first version that brought a part of it, as far as is known.' }),
      ),
      toSequence: nullable(Type.Integer()),
      firstAt: nullable(Time),
      lastAt: nullable(Time),
    }),
  ),
  isComplete: Type.Boolean({ description: 'Whether these are all: there are at most 20,000.' }),
});
