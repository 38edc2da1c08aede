import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import {
  NewShareLinkSchema,
  OpenedShareSchema,
  SharedDocumentSchema,
  SharedLevelSchema,
  ShareLinkSchema,
  shareErrors,
} from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { createShareLink } from '../operations/create-share-link.ts';
import { openShareLink } from '../operations/open-share-link.ts';
import { revokeShareLink } from '../operations/revoke-share-link.ts';
import { listShareLinks, type ShareLink } from '../operations/share-links.ts';
import { readSharedDocument } from '../operations/shared-document.ts';
import { threadBody } from './comment-bodies.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
const Password = Type.String({ minLength: 1, maxLength: 200 });

const linkBody = <L extends ShareLink>({ expiresAt, lastUsedAt, createdAt, usesMax, ...link }: L) => ({
  ...link,
  maxUses: usesMax,
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
});

/** Links that open a document to people outside of the tenant, and what comes by them. */
export const shareLinkRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'POST',
    path: '/api/v1/documents/{id}/share-links',
    operationId: 'createShareLink',
    summary: 'Create a share link',
    description: 'Whoever holds its token may use the document so far, without an account. Needs the level manage.',
    access: 'authenticated',
    params: Params,
    body: Type.Object({
      level: SharedLevelSchema,
      expiresAt: Type.Optional(
        Type.String({ format: 'date-time', description: 'Else it is good until it is taken back.' }),
      ),
      password: Type.Optional(Password),
      maxUses: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often it may be opened.' }),
      ),
    }),
    response: { status: 201, description: 'The link with its token.', schema: NewShareLinkSchema },
    errors: [platformErrors.notFound, shareErrors.tooManyShareLinks],
    idempotency: false,
    example: { params: { id: EXAMPLE_ID }, body: { level: 'view' } },
    async handle(ctx, { params, body: { expiresAt, ...body } }) {
      const made = await createShareLink(ctx, {
        documentId: params.id,
        ...body,
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      });
      return { body: linkBody(made) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/share-links',
    operationId: 'listShareLinks',
    summary: 'List the share links of a document',
    description: 'Newest first. Needs the level manage.',
    access: 'authenticated',
    params: Params,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of links.', schema: pageSchema(ShareLinkSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const page = await listShareLinks(ctx, { documentId: params.id, first: limit, after: cursor });
      return { body: pageBody(page, limit, linkBody) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}/share-links/{linkId}',
    operationId: 'revokeShareLink',
    summary: 'Revoke a share link',
    description: 'Who came by it is sent away within a second. Needs the level manage.',
    access: 'authenticated',
    params: Type.Object({ id: Id, linkId: Id }),
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, linkId: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await revokeShareLink(ctx, { documentId: params.id, id: params.linkId });
      return { body: undefined };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/share-links/open',
    operationId: 'openShareLink',
    summary: 'Open a share link',
    description:
      'For anybody who has its token. With the `shareToken` of an earlier opening it is prolonged: neither the password is asked for nor the use counted.',
    access: 'public',
    body: Type.Object({
      token: Type.String({ minLength: 1, maxLength: 200 }),
      password: Type.Optional(Password),
      shareToken: Type.Optional(Type.String({ maxLength: 500 })),
    }),
    response: { status: 200, description: 'What it opens.', schema: OpenedShareSchema },
    errors: [
      shareErrors.shareLinkUnknown,
      shareErrors.shareLinkExpired,
      shareErrors.shareLinkUsedUp,
      shareErrors.sharePasswordNeeded,
      shareErrors.sharePasswordWrong,
    ],
    idempotency: false,
    example: { body: { token: 'cfs_0123456789abcdefghijklmnopqrstuv' } },
    async handle(ctx, { body }) {
      const { expiresAt, ...opened } = await openShareLink(ctx, body);
      return { body: { ...opened, expiresAt: expiresAt.toISOString() } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/shared-document',
    operationId: 'readSharedDocument',
    summary: 'Get the document of a share link',
    description: 'The header `X-Share-Token` holds what opening the link gave.',
    access: 'public',
    response: { status: 200, description: 'The document.', schema: SharedDocumentSchema },
    errors: [shareErrors.shareTokenInvalid, shareErrors.shareLinkUnknown, shareErrors.shareLinkExpired],
    versioned: false,
    example: {},
    async handle(ctx, { headers }) {
      const { threads, ...document } = await readSharedDocument(ctx, headers['x-share-token'] ?? '');
      const shown = threads?.map(({ thread, comments }) => threadBody(thread, comments)) ?? null;
      return { body: { ...document, threads: shown } };
    },
  }),
];
