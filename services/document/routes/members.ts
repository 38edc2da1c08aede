import { platformErrors } from '@candlefish/kit/errors';
import { type Route, routesOf } from '@candlefish/kit/http';
import { PageQuery, pageBody, pageSchema } from '@candlefish/kit/page';
import { Type } from 'typebox';
import { AccessLevelSchema, DocumentMemberSchema, documentErrors, MemberKindSchema } from '../contract.ts';
import type { DocumentService } from '../ctx.ts';
import { listMembers, type Member } from '../operations/members.ts';
import { removeMember } from '../operations/remove-member.ts';
import { setMember } from '../operations/set-member.ts';

const route = routesOf<DocumentService>();

const Id = Type.String({ format: 'uuid' });
const Params = Type.Object({ id: Id });
const MemberParams = Type.Object({
  id: Id,
  userId: Type.String({ format: 'uuid', description: 'Or of the API key.' }),
});

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

const memberBody = ({ createdAt, updatedAt, ...member }: Member) => ({
  ...member,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

/** Who has a level of their own in a document. */
export const memberRoutes: readonly Route<DocumentService>[] = [
  route({
    method: 'GET',
    path: '/api/v1/documents/{id}/members',
    operationId: 'listDocumentMembers',
    summary: 'List the members of a document',
    description: 'People and API keys with a level of their own there, newest first. Others have that of their role.',
    access: 'authenticated',
    params: Params,
    query: Type.Object(PageQuery),
    response: { status: 200, description: 'A page of members.', schema: pageSchema(DocumentMemberSchema) },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params, query: { limit, cursor } }) {
      const page = await listMembers(ctx, { documentId: params.id, first: limit, after: cursor });
      return { body: pageBody(page, limit, memberBody) };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/documents/{id}/members/{userId}',
    operationId: 'setDocumentMember',
    summary: 'Set the level of a member in a document',
    description:
      'It takes the place of the level of the role, in both directions. Needs the level manage. Who created the document, and owners ' +
      'and admins of the tenant, manage it all the same.',
    access: 'authenticated',
    params: MemberParams,
    body: Type.Object({ level: AccessLevelSchema, kind: Type.Optional(MemberKindSchema) }),
    response: { status: 200, description: 'The member.', schema: DocumentMemberSchema },
    errors: [platformErrors.notFound, documentErrors.tooManyMembers],
    example: { params: { id: EXAMPLE_ID, userId: EXAMPLE_ID }, body: { level: 'comment' } },
    async handle(ctx, { params, body }) {
      const member = await setMember(ctx, { documentId: params.id, id: params.userId, ...body });
      return { body: memberBody(member) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/documents/{id}/members/{userId}',
    operationId: 'removeDocumentMember',
    summary: 'Remove a member of a document',
    description: 'That of the role counts again. Needs the level manage.',
    access: 'authenticated',
    params: MemberParams,
    response: { status: 204, description: 'It is gone.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID, userId: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await removeMember(ctx, { documentId: params.id, id: params.userId });
      return { body: undefined };
    },
  }),
];
