import { platformErrors } from '@candlefish/kit/errors';
import { routesOf } from '@candlefish/kit/http';
import { authErrors, schemas } from '../contract.ts';
import type { AuthCtx, AuthService } from '../ctx.ts';
import { logIn } from '../operations/log-in.ts';
import { logOut } from '../operations/log-out.ts';
import type { SignIn } from '../operations/open-session.ts';
import { dropRefreshCookie, keepRefreshCookie, refreshTokenOf } from '../operations/refresh-cookie.ts';
import { refreshSession } from '../operations/refresh-session.ts';
import { signUp } from '../operations/sign-up.ts';
import { listPublicKeys } from '../operations/signing-keys.ts';
import { switchTenant } from '../operations/switch-tenant.ts';
import { me } from '../operations/users.ts';
import { signInBody, userBody } from './bodies.ts';

const route = routesOf<AuthService>();

/** How long others may keep the published keys, in seconds; half the time a new key waits before it signs. */
const KEYS_MAX_AGE_S = 300;

const EXAMPLE_ID = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';

/** Gives the tokens in the body and, for browsers, in a cookie. */
function signedIn(ctx: AuthCtx, signIn: SignIn) {
  keepRefreshCookie(ctx, signIn);
  return { body: signInBody(signIn) };
}

/** Signing up, in and out, and the keys that tokens are verified with. */
export const authRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/auth/signup',
    operationId: 'signUp',
    summary: 'Sign up',
    description: 'Makes a tenant and its first owner, signed in.',
    access: 'public',
    body: schemas.SignupBody,
    response: { status: 201, description: 'Signed in as the owner of the new tenant.', schema: schemas.SignIn },
    errors: [authErrors.emailTaken],
    example: {
      body: { email: 'ada@example.com', password: 'violet-tractor-sonnet', tenantName: 'Ada & Sons Painting' },
    },
    idempotency: false,
    handle: async (ctx, { body }) => signedIn(ctx, await signUp(ctx, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/auth/login',
    operationId: 'logIn',
    summary: 'Log in',
    description:
      'The refresh token also comes as the httpOnly cookie `cf_refresh`, so that a browser need not keep it where scripts can read it.',
    access: 'public',
    body: schemas.LoginBody,
    response: { status: 200, description: 'Signed in.', schema: schemas.SignIn },
    errors: [authErrors.invalidCredentials, authErrors.accountDisabled],
    example: { body: { email: 'demo@candlefish.example', password: 'violet-tractor-sonnet' } },
    idempotency: false,
    handle: async (ctx, { body }) => signedIn(ctx, await logIn(ctx, body)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/auth/refresh',
    operationId: 'refreshSession',
    summary: 'Refresh a session',
    description:
      'Gives the next pair of tokens. Takes the refresh token from the body, or from the cookie when the header `X-Candlefish-Csrf: 1` is sent. Each token works once; for ten seconds more it gives the same successor, so that tabs may refresh together. Used again later it ends the session.',
    access: 'public',
    body: schemas.RefreshBody,
    response: { status: 200, description: 'The next pair of tokens.', schema: schemas.SignIn },
    errors: [authErrors.sessionEnded, authErrors.csrfRefused],
    example: { body: { refreshToken: 'cfr_…' } },
    idempotency: false,
    handle: async (ctx, { body }) => signedIn(ctx, await refreshSession(ctx, refreshTokenOf(ctx, body.refreshToken))),
  }),
  route({
    method: 'POST',
    path: '/api/v1/auth/logout',
    operationId: 'logOut',
    summary: 'Log out',
    description: 'Ends the session, everywhere within a second.',
    access: 'authenticated',
    response: { status: 204, description: 'The session has ended.' },
    errors: [],
    example: {},
    idempotency: false,
    async handle(ctx) {
      await logOut(ctx);
      dropRefreshCookie(ctx);
      return { body: undefined };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/auth/me',
    operationId: 'getMe',
    summary: 'Get the caller',
    description: 'For an API key, its owner.',
    access: 'authenticated',
    response: { status: 200, description: 'The caller.', schema: schemas.User },
    errors: [],
    example: {},
    handle: async (ctx) => ({ body: userBody(await me(ctx)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/auth/switch',
    operationId: 'switchTenant',
    summary: 'Switch to another tenant',
    description: 'Signs the caller in to another of their tenants and ends the present session.',
    access: 'authenticated',
    body: schemas.SwitchBody,
    response: { status: 200, description: 'Signed in to the other tenant.', schema: schemas.SignIn },
    errors: [platformErrors.notFound, authErrors.accountDisabled],
    example: { body: { tenantId: EXAMPLE_ID } },
    idempotency: false,
    handle: async (ctx, { body }) => signedIn(ctx, await switchTenant(ctx, body)),
  }),
  route({
    method: 'GET',
    path: '/.well-known/jwks.json',
    operationId: 'getPublicKeys',
    summary: 'Get the public keys of access tokens',
    description: 'A JSON Web Key Set (RFC 7517).',
    access: 'public',
    response: { status: 200, description: 'Keys in use, and those that will be soon.', schema: schemas.PublicKeys },
    errors: [],
    example: {},
    async handle(ctx) {
      const keys = await listPublicKeys(ctx);
      return { body: { keys: [...keys] }, headers: { 'cache-control': `public, max-age=${KEYS_MAX_AGE_S}` } };
    },
  }),
];
