import { platformErrors } from '@candlefish/kit/errors';
import { routesOf } from '@candlefish/kit/http';
import { pageBody } from '@candlefish/kit/page';
import { authErrors, schemas } from '../contract.ts';
import type { AuthService } from '../ctx.ts';
import { addUser } from '../operations/add-user.ts';
import { createTenant } from '../operations/create-tenant.ts';
import { findMembership, listMemberships } from '../operations/memberships.ts';
import { removeUser } from '../operations/remove-user.ts';
import { updateUser } from '../operations/update-user.ts';
import { findUser, listUsers } from '../operations/users.ts';
import { membershipBody, userBody } from './bodies.ts';

const route = routesOf<AuthService>();

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** Members of a tenant, and the tenants of a person. */
export const userRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/users',
    operationId: 'listUsers',
    summary: 'List members of the tenant',
    access: 'authenticated',
    query: schemas.UserQuery,
    response: { status: 200, description: 'A page of members.', schema: schemas.UserPage },
    errors: [],
    example: { query: { role: 'owner', limit: 20 } },
    async handle(ctx, { query: { limit, cursor, ...filter } }) {
      const page = await listUsers(ctx, { first: limit, after: cursor, filter });
      return { body: pageBody(page, limit, userBody) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/users',
    operationId: 'addUser',
    summary: 'Add a member to the tenant',
    description:
      'An address without an account gets one with the given password. For one that has an account the password is without effect; the answer is the same.',
    access: 'authenticated',
    body: schemas.AddUserBody,
    response: { status: 201, description: 'The new member.', schema: schemas.User },
    errors: [authErrors.alreadyMember],
    example: { body: { email: 'grace@example.com', role: 'staff', password: 'amber-canoe-thursday' } },
    async handle(ctx, { body }) {
      const id = await addUser(ctx, body);
      return { body: userBody(await findUser(ctx, id)), location: `/api/v1/users/${id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/users/{id}',
    operationId: 'getUser',
    summary: 'Get a member',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 200, description: 'The member.', schema: schemas.User },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    handle: async (ctx, { params }) => ({ body: userBody(await findUser(ctx, params.id)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/users/{id}',
    operationId: 'updateUser',
    summary: 'Update a member',
    description: 'Gives a member another role, lets them act no more, or again.',
    access: 'authenticated',
    params: schemas.IdParams,
    body: schemas.UpdateUserBody,
    response: { status: 200, description: 'The member as they are now.', schema: schemas.User },
    errors: [platformErrors.notFound, authErrors.lastOwner],
    example: { params: { id: EXAMPLE_ID }, body: { role: 'manager' } },
    async handle(ctx, { params, body }) {
      await updateUser(ctx, params.id, body);
      return { body: userBody(await findUser(ctx, params.id)) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/users/{id}',
    operationId: 'removeUser',
    summary: 'Remove a member from the tenant',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 204, description: 'They are no member any more.' },
    errors: [platformErrors.notFound, authErrors.lastOwner],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await removeUser(ctx, params.id);
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/memberships',
    operationId: 'listMemberships',
    summary: 'List the tenants of the caller',
    access: 'authenticated',
    response: { status: 200, description: 'In the order they were joined.', schema: schemas.MembershipList },
    errors: [],
    example: {},
    handle: async (ctx) => ({ body: { data: (await listMemberships(ctx)).map(membershipBody) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/tenants',
    operationId: 'createTenant',
    summary: 'Create a tenant',
    description: 'With the caller as its owner.',
    access: 'authenticated',
    body: schemas.CreateTenantBody,
    response: { status: 201, description: 'The membership in the new tenant.', schema: schemas.Membership },
    errors: [authErrors.tooMany],
    example: { body: { name: 'Second Street Signs' } },
    // It writes in another tenant than the caller's, which one stored transaction cannot do.
    idempotency: false,
    async handle(ctx, { body }) {
      return { body: membershipBody(await findMembership(ctx, await createTenant(ctx, body))) };
    },
  }),
];
