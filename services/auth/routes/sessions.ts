import { platformErrors } from '@candlefish/kit/errors';
import { routesOf } from '@candlefish/kit/http';
import { pageBody } from '@candlefish/kit/page';
import { schemas } from '../contract.ts';
import type { AuthService } from '../ctx.ts';
import { revokeSession } from '../operations/revoke-session.ts';
import { listSessions } from '../operations/sessions.ts';
import { sessionBody } from './bodies.ts';

const route = routesOf<AuthService>();

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** The caller's sign-ins. */
export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/sessions',
    operationId: 'listSessions',
    summary: 'List sessions',
    description: 'The caller’s own live sessions in this tenant, newest first.',
    access: 'authenticated',
    query: schemas.PageQuery,
    response: { status: 200, description: 'A page of sessions.', schema: schemas.SessionPage },
    errors: [],
    example: {},
    async handle(ctx, { query: { limit, cursor } }) {
      return { body: pageBody(await listSessions(ctx, { first: limit, after: cursor }), limit, sessionBody) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/sessions/{id}',
    operationId: 'revokeSession',
    summary: 'Revoke a session',
    description: 'One of the caller’s own; it ends everywhere within a second.',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 204, description: 'The session has ended.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await revokeSession(ctx, params.id);
      return { body: undefined };
    },
  }),
];
