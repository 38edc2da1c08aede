import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import { AccessLevelSchema } from './access.ts';
import { Id, nullable, oneOf, strict, Time } from './schemas.ts';

/** Who can be a member of a document. */
export const MEMBER_KINDS = ['user', 'api_key'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];

export const MemberKindSchema = oneOf(MEMBER_KINDS, 'A person of the tenant or an API key of it.');

/** A member of a document as REST shows it. */
export const DocumentMemberSchema = strict({
  id: Type.String({ format: 'uuid', description: 'Of the person or the key.' }),
  documentId: Id,
  userId: nullable(Id),
  apiKeyId: nullable(Id),
  level: AccessLevelSchema,
  createdAt: Time,
  updatedAt: Time,
});

const MemberRef = { documentId: Id, userId: nullable(Id), apiKeyId: nullable(Id) };

/** A person or a key has an explicit level in a document. */
export const documentMemberSet = defineEvent({
  name: 'document.member.set.v1',
  payload: Type.Object({ ...MemberRef, level: AccessLevelSchema }),
});

/** A person or a key has no explicit level in a document any more. */
export const documentMemberRemoved = defineEvent({
  name: 'document.member.removed.v1',
  payload: Type.Object(MemberRef),
});
