import { platformErrors } from '@candlefish/kit/errors';
import { routesOf } from '@candlefish/kit/http';
import { authErrors, schemas } from '../contract.ts';
import type { AuthService } from '../ctx.ts';
import { createRole } from '../operations/create-role.ts';
import { deleteRole } from '../operations/delete-role.ts';
import { findRole, listRoles } from '../operations/roles.ts';
import { updateRole } from '../operations/update-role.ts';
import { roleBody } from './bodies.ts';

const route = routesOf<AuthService>();

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** Roles, built in and of the tenant. */
export const roleRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/roles',
    operationId: 'listRoles',
    summary: 'List roles with their permissions',
    description: 'The built-in ones, then the tenant’s own.',
    access: 'authenticated',
    response: { status: 200, description: 'All roles, at most 107.', schema: schemas.RoleList },
    errors: [],
    example: {},
    handle: async (ctx) => ({ body: { data: (await listRoles(ctx)).map(roleBody) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/roles',
    operationId: 'createRole',
    summary: 'Create a role',
    description: 'Out of permissions that the caller has.',
    access: 'authenticated',
    body: schemas.CreateRoleBody,
    response: { status: 201, description: 'The new role.', schema: schemas.Role },
    errors: [authErrors.roleNameTaken, authErrors.tooMany],
    example: { body: { name: 'night-shift', description: 'Watches agents at night.', permissions: ['user:read'] } },
    async handle(ctx, { body }) {
      const role = await createRole(ctx, body);
      return { body: roleBody(role), location: `/api/v1/roles/${role.id}` };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/roles/{id}',
    operationId: 'getRole',
    summary: 'Get a role',
    description: 'One of the tenant’s own.',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 200, description: 'The role.', schema: schemas.Role },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID } },
    handle: async (ctx, { params }) => ({ body: roleBody(await findRole(ctx, params.id)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/roles/{id}',
    operationId: 'updateRole',
    summary: 'Update a role',
    description: 'Those who hold it feel it within a second.',
    access: 'authenticated',
    params: schemas.IdParams,
    body: schemas.UpdateRoleBody,
    response: { status: 200, description: 'The role as it is now.', schema: schemas.Role },
    errors: [platformErrors.notFound],
    example: { params: { id: EXAMPLE_ID }, body: { permissions: ['user:read', 'role:read'] } },
    handle: async (ctx, { params, body }) => ({ body: roleBody(await updateRole(ctx, params.id, body)) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/roles/{id}',
    operationId: 'deleteRole',
    summary: 'Delete a role',
    description: 'One that nobody holds.',
    access: 'authenticated',
    params: schemas.IdParams,
    response: { status: 204, description: 'The role is gone.' },
    errors: [platformErrors.notFound, authErrors.roleInUse],
    example: { params: { id: EXAMPLE_ID } },
    async handle(ctx, { params }) {
      await deleteRole(ctx, params.id);
      return { body: undefined };
    },
  }),
];
