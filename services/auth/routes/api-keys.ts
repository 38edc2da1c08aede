import { platformErrors } from '@candlefish/kit/errors';
import { routesOf } from '@candlefish/kit/http';
import { pageBody } from '@candlefish/kit/page';
import { authErrors, schemas } from '../contract.ts';
import type { AuthService } from '../ctx.ts';
import { findApiKey, listApiKeys } from '../operations/api-keys.ts';
import { createApiKey } from '../operations/create-api-key.ts';
import { rerollApiKey } from '../operations/reroll-api-key.ts';
import { revokeApiKey } from '../operations/revoke-api-key.ts';
import { apiKeyBody } from './bodies.ts';

const route = routesOf<AuthService>();

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** API keys. */
export const apiKeyRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/api-keys',
    operationId: 'listApiKeys',
    summary: 'List API keys',
    description: 'Newest first: the caller’s own, or all for owners and admins.',
    access: 'authenticated',
    query: schemas.ApiKeyQuery,
    response: { status: 200, description: 'A page of keys.', schema: schemas.ApiKeyPage },
    errors: [],
    example: { query: { limit: 20 } },
    async handle(ctx, { query: { limit, cursor, withRevoked } }) {
      const page = await listApiKeys(ctx, { first: limit, after: cursor, withRevoked });
      return { body: pageBody(page, limit, apiKeyBody) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/api-keys',
    operationId: 'createApiKey',
    summary: 'Create an API key',
    description:
      'The key itself is shown this once. It does what its scopes and the present role of its owner both allow.',
    access: 'authenticated',
    body: schemas.CreateApiKeyBody,
    response: { status: 201, description: 'The key with its secret.', schema: schemas.NewApiKey },
    errors: [authErrors.tooMany],
    example: { body: { name: 'Nightly import', scopes: ['user:read'], rateLimit: 500 } },
    idempotency: false,
    async handle(ctx, { body: { expiresAt, ...body } }) {
      const expiry = expiresAt === undefined ? null : new Date(expiresAt);
      const made = await createApiKey(ctx, { ...body, expiresAt: expiry });
      return { body: apiKeyBody(made), location: `/api/v1/api-keys/${made.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/api-keys/{id}',
    operationId: 'getApiKey',
    summary: 'Get an API key',
    description: 'Without the key itself.',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 200, description: 'The key.', schema: schemas.ApiKey },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    handle: async (ctx, { params }) => ({ body: apiKeyBody(await findApiKey(ctx, params.id)) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/api-keys/{id}',
    operationId: 'revokeApiKey',
    summary: 'Revoke an API key',
    description: 'It ends everywhere within a second.',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 204, description: 'The key has ended.' },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await revokeApiKey(ctx, params.id);
      return { body: undefined };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/api-keys/{id}/reroll',
    operationId: 'rerollApiKey',
    summary: 'Reroll an API key',
    description: 'Makes a successor of one’s own key; the old one works on for the overlap.',
    access: 'authenticated',
    params: schemas.IdParams,
    body: schemas.RerollApiKeyBody,
    response: { status: 201, description: 'The successor with its secret.', schema: schemas.NewApiKey },
    errors: [platformErrors.notFound, authErrors.apiKeyEnded, authErrors.tooMany],
    example: { params: { id: EXAMPLE_ID }, body: { overlapSeconds: 3_600 } },
    idempotency: false,
    async handle(ctx, { params, body }) {
      const made = await rerollApiKey(ctx, params.id, body);
      return { body: apiKeyBody(made), location: `/api/v1/api-keys/${made.id}` };
    },
  }),
];
