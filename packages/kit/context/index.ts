/** Who acts, what they may do, and what one piece of work has at hand. */
export { type Action, type Actor, ANONYMOUS, ROLES, type Role, systemActor } from './actor.ts';
export {
  type Credential,
  createCtx,
  type PendingEvent,
  type PendingJob,
  type RequestScope,
  requestScopeOf,
  type ServiceRuntime,
} from './create-ctx.ts';
export type { Clock, Ctx, GroupTx, HttpExchange, Ids, Resource, Tx } from './ctx.ts';
export { type Executor, flatUnitOfWork, pooled, unitOfWork } from './executor.ts';
export { type Grant, isGrant, tenantOf } from './grant.ts';
export { type ActionOf, type Allowed, definePolicy, isAllowed, type Policy, scopesInclude } from './policy.ts';
export { systemClock, systemIds } from './system.ts';
