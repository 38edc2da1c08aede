import type { Ctx } from '@candlefish/kit/context';

/** What the service keeps for its lifetime: nothing beyond its tables. */
export type AuditService = null;

/** The context of the service's operations. */
export type AuditCtx = Ctx<AuditService>;
