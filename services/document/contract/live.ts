import { CallBytes, defineCall } from '@candlefish/kit/calls';
import { type Static, Type } from 'typebox';
import { AccessLevelSchema } from './access.ts';
import { ContentTypeSchema, Id, nullable, oneOf, strict } from './schemas.ts';

/** Updates of one call of `appendUpdates`; a node sends the next ones when the answer is there. */
export const APPENDED_UPDATES_MAX = 5_000;
/** Documents of one call of `readUpdatesAfter`. */
export const FOLLOWED_DOCUMENTS_MAX = 500;

const Sequence = Type.Integer({ minimum: 0 });
const Epoch = Type.Integer({ minimum: 0 });

/** Who writes: kept beside every update in the log. */
export const WriterSchema = strict({
  kind: oneOf(['anonymous', 'user', 'api_key', 'agent', 'system'], 'Kind of the actor.'),
  id: Type.String({ maxLength: 200 }),
  userId: nullable(Id),
});
export type Writer = Static<typeof WriterSchema>;

/**
 * Whether the caller may be in a document, and as whom. Called as the caller.
 * @throws AppError NOT_FOUND for a document that is absent, another tenant's or hidden from the caller.
 */
export const joinDocument = defineCall({
  name: 'document.joinDocument',
  input: strict({
    documentId: Type.String({ maxLength: 100 }),
    shareToken: nullable(Type.String({ maxLength: 500, description: 'What opening a share link gave.' })),
  }),
  output: strict({
    documentId: Id,
    tenantId: Id,
    contentType: ContentTypeSchema,
    access: AccessLevelSchema,
    epoch: Epoch,
    version: Sequence,
    writer: WriterSchema,
    name: Type.String({ description: 'How others see the caller in the document.' }),
    endsAt: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When the share token ends that gives the access: ask again then.',
      }),
    ),
  }),
});

/**
 * What a holder of a state vector lacks of a document. Called by the platform's own services, in the tenant.
 * @throws AppError NOT_FOUND, VALIDATION_FAILED for bytes that are no state vector.
 */
export const readDifference = defineCall({
  name: 'document.readDifference',
  input: strict({ documentId: Id, stateVector: CallBytes('Empty for somebody who holds nothing.') }),
  output: strict({
    epoch: Epoch,
    seq: Sequence,
    update: CallBytes('What is lacking, as one Yjs update of encoding V1.'),
    stateVector: CallBytes('The state vector at `seq`.'),
  }),
});

/** Why an update was not taken; nothing of it is in the log. */
export const REFUSALS = [
  'not_found',
  'epoch',
  'malformed',
  'missing_dependencies',
  'invalid',
  'too_large',
  'quota',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * Appends updates of several documents to their logs in one transaction. An update that is refused takes no other with
 * it. Called by the platform's own services, in the tenant, after they have seen that each writer may edit.
 * The answer comes after COMMIT and has one result for each update, in their order; updates of one writer to one document
 * may share a row.
 */
export const appendUpdates = defineCall({
  name: 'document.appendUpdates',
  input: strict({
    updates: Type.Array(
      strict({ documentId: Id, epoch: Epoch, update: CallBytes('A Yjs update, encoding V1.'), writer: WriterSchema }),
      { minItems: 1, maxItems: APPENDED_UPDATES_MAX },
    ),
  }),
  output: strict({
    results: Type.Array(
      strict({
        seq: nullable(Type.Integer({ minimum: 0, description: 'The row it is in; null when it was refused.' })),
        isNew: Type.Boolean({
          description:
            'Whether `seq` is a row that this call has made. False when the log had all of it, and `seq` is then any sequence up to which that holds; false when it was refused.',
        }),
        refused: nullable(oneOf(REFUSALS, 'Why it was refused.')),
      }),
    ),
  }),
});

/**
 * Updates of several logs after what the caller has of each, in order, as far as bounds reach: ask again after the last
 * one. Called by the platform's own services, in the tenant.
 */
export const readUpdatesAfter = defineCall({
  name: 'document.readUpdatesAfter',
  input: strict({
    documents: Type.Array(strict({ documentId: Id, epoch: Epoch, after: Sequence }), {
      minItems: 1,
      maxItems: FOLLOWED_DOCUMENTS_MAX,
    }),
  }),
  output: strict({
    documents: Type.Array(
      strict({
        documentId: Id,
        epoch: Epoch,
        headSeq: Sequence,
        updates: Type.Array(strict({ seq: Sequence, update: CallBytes('Encoding V1.') })),
        lost: Type.Boolean({
          description: 'Whether the log does not go on from there: the caller reads the difference instead.',
        }),
      }),
      { description: 'Without those that are gone.' },
    ),
  }),
});

/** Channel on which a tenant's logs tell that they have grown; a hint, the log is the truth. */
export const growthChannel = (tenantId: string): string => `document.growth.${tenantId}`;

/** Channel on which a tenant's documents tell that somebody's access may have changed, or that they are gone. */
export const accessChannel = (tenantId: string): string => `document.access.${tenantId}`;

/** A log that has grown up to a sequence. */
export interface Growth {
  readonly documentId: string;
  readonly seq: number;
}

/** Documents of one message: 36 characters of an id and a sequence each, below the 7,000 bytes of a message. */
const GROWTHS_MAX = 120;

/** Messages for the channel of growth. */
export function growthMessages(growths: readonly Growth[]): readonly string[] {
  const messages: string[] = [];
  for (let start = 0; start < growths.length; start += GROWTHS_MAX) {
    const part = growths.slice(start, start + GROWTHS_MAX);
    messages.push(part.map(({ documentId, seq }) => `${documentId}:${seq}`).join(','));
  }
  return messages;
}

/** What a message of the channel of growth tells. Messages come from the platform itself. */
export const readGrowths = (message: string): readonly Growth[] =>
  message.split(',').map((growth) => {
    const [documentId = '', seq] = growth.split(':', 2);
    return { documentId, seq: Number(seq) };
  });
