import { type Page, toPage } from '@candlefish/base/page';
import type { PageRequest } from '@candlefish/kit/page';
import type { AuthCtx } from '../ctx.ts';
import * as store from '../store/sessions.ts';
import { personOf } from './actors.ts';
import { idKey, idPage } from './id-page.ts';

/** A sign-in on one device, as its owner sees it. */
export interface Session {
  readonly id: string;
  readonly userAgent: string;
  /** Network it was last used from. */
  readonly address: string;
  readonly isCurrent: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** A page of the caller's own live sessions in this tenant, newest first. */
export async function listSessions(ctx: AuthCtx, request: PageRequest): Promise<Page<Session>> {
  const grant = ctx.authorize('session:read');
  const { userId, tenantId, sessionId } = personOf(ctx);
  const { limit, after } = idPage(request);
  const rows = await ctx.query(grant, store.listSessions({ tenantId, userId, before: after, limit: limit + 1 }));
  return toPage(
    rows.map((row) => ({ ...row, isCurrent: row.id === sessionId })),
    limit,
    idKey,
  );
}
