import { defineErrors } from '@candlefish/kit/errors';
import { defineEvent } from '@candlefish/kit/events';
import { Type } from 'typebox';
import { ACCESS_LEVELS, SHARED_LEVELS } from '../domain/access.ts';
import { CommentThreadSchema } from './comments.ts';
import { ContentTypeSchema, Id, nullable, oneOf, strict, Time } from './schemas.ts';

/** Refusals of those who come with a share link. */
export const shareErrors = defineErrors({
  shareLinkUnknown: {
    code: 'SHARE_LINK_UNKNOWN',
    status: 404,
    title: 'There is no such link, or it was taken back.',
  },
  shareLinkExpired: { code: 'SHARE_LINK_EXPIRED', status: 410, title: 'The time of the link is over.' },
  shareLinkUsedUp: {
    code: 'SHARE_LINK_USED_UP',
    status: 410,
    title: 'The link was opened as often as it may be.',
  },
  sharePasswordNeeded: { code: 'SHARE_PASSWORD_NEEDED', status: 403, title: 'The link opens with a password.' },
  sharePasswordWrong: { code: 'SHARE_PASSWORD_WRONG', status: 403, title: 'The password of the link is wrong.' },
  shareTokenInvalid: {
    code: 'SHARE_TOKEN_INVALID',
    status: 401,
    title: 'A valid X-Share-Token is needed; open the share link again.',
  },
  tooManyShareLinks: {
    code: 'TOO_MANY_SHARE_LINKS',
    status: 409,
    title: 'The document has as many share links as it may; take one back first.',
  },
});

/** What a share link may give. */
export const SharedLevelSchema = oneOf(SHARED_LEVELS, 'What its holders may do.');

const link = {
  id: Id,
  documentId: Id,
  level: SharedLevelSchema,
  hasPassword: Type.Boolean(),
  expiresAt: nullable(Time),
  maxUses: nullable(Type.Integer()),
  uses: Type.Integer({ description: 'How often it was opened.' }),
  lastUsedAt: nullable(Time),
  createdBy: nullable(Id),
  createdAt: Time,
};

/** A share link as REST shows it. */
export const ShareLinkSchema = strict(link);

/** A share link that was made just now. */
export const NewShareLinkSchema = strict({
  ...link,
  token: Type.String({ description: 'The secret that opens the document, shown this once.' }),
});

/** What opening a share link gives. */
export const OpenedShareSchema = strict({
  documentId: Id,
  title: Type.String(),
  level: SharedLevelSchema,
  shareToken: Type.String({ description: 'For `X-Share-Token` and for sockets.' }),
  expiresAt: Type.String({ format: 'date-time', description: 'When the share token ends.' }),
});

/** A document as a guest reads it. */
export const SharedDocumentSchema = strict({
  documentId: Id,
  title: Type.String(),
  contentType: ContentTypeSchema,
  level: oneOf(ACCESS_LEVELS, 'What the holder may do.'),
  version: Type.Integer(),
  content: Type.Record(Type.String(), Type.Unknown(), {
    description: 'The roots by name: text of texts, JSON of maps.',
  }),
  text: Type.String({ description: 'The content as plain text.' }),
  threads: Type.Union([Type.Array(CommentThreadSchema), Type.Null()], {
    description: 'The 50 newest threads of comments; null when the link does not give the level comment.',
  }),
});

/** A share link was made. */
export const shareLinkCreated = defineEvent({
  name: 'document.share-link.created.v1',
  payload: Type.Object({ documentId: Id, shareLinkId: Id, level: SharedLevelSchema, expiresAt: nullable(Time) }),
});

/** A share link was taken back. */
export const shareLinkRevoked = defineEvent({
  name: 'document.share-link.revoked.v1',
  payload: Type.Object({ documentId: Id, shareLinkId: Id, level: SharedLevelSchema }),
});
