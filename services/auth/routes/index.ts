import type { Route } from '@candlefish/kit/http';
import type { AuthService } from '../ctx.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { authRoutes } from './auth.ts';
import { roleRoutes } from './roles.ts';
import { sessionRoutes } from './sessions.ts';
import { userRoutes } from './users.ts';

/** REST operations of this service. */
export const routes: readonly Route<AuthService>[] = [
  ...authRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...apiKeyRoutes,
  ...sessionRoutes,
];
