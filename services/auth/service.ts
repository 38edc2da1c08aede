import { defineService } from '@candlefish/kit/service';
import { authErrors, authEvents } from './contract.ts';
import { calls, crons } from './handlers.ts';
import { policy } from './policy.ts';
import { resolvers } from './resolvers.ts';
import { routes } from './routes/index.ts';
import { config, setup } from './setup/index.ts';

/** Identity: tenants, people, sessions, roles, API keys, and the tokens that speak for them. */
export const auth = defineService({
  name: 'auth',
  summary: 'Signs people and programs in, and knows what they may do in which tenant.',
  paths: [
    '/api/v1/auth',
    '/api/v1/users',
    '/api/v1/memberships',
    '/api/v1/tenants',
    '/api/v1/roles',
    '/api/v1/api-keys',
    '/api/v1/sessions',
    '/.well-known/jwks.json',
  ],
  needs: ['postgres'],
  config,
  policy,
  errors: authErrors,
  emits: Object.values(authEvents),
  setup,
  close: (service) => service.keyUses.flush(),
  provides: calls,
  routes,
  graphql: {
    schema: new URL('./schema.graphql', import.meta.url),
    resolvers,
    unstored: [
      'signup',
      'login',
      'logout',
      'refreshToken',
      'switchTenant',
      'createTenant',
      'createApiKey',
      'rerollApiKey',
    ],
  },
  crons,
  migrations: new URL('./migrations/', import.meta.url),
  scaling: { min: 2, max: 10, cpuPercent: 70, requestsPerSecond: 500 },
  slo: { p95Ms: 200, availability: 0.999 },
});
