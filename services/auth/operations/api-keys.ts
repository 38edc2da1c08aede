import { isUuid } from '@candlefish/base/ids';
import { type Page, toPage } from '@candlefish/base/page';
import { tenantOf } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { PageRequest } from '@candlefish/kit/page';
import type { AuthCtx } from '../ctx.ts';
import type { ApiKeysStatements } from '../store/api-keys.rows.generated.ts';
import * as store from '../store/api-keys.ts';
import { userIdOf } from './actors.ts';
import { idKey, idPage } from './id-page.ts';
import { textsOf } from './permissions.ts';

/** What is known of an API key after it was shown. */
export interface ApiKey {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** Requests per hour. */
  readonly rateLimit: number;
  readonly expiresAt: Date | null;
  /** True to about a minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

/** The key of a row. */
export const toApiKey = (row: ApiKeysStatements['findApiKeyById']['row']): ApiKey => ({
  ...row,
  scopes: textsOf(row.scopes),
});

/** A page of keys, newest first: the caller's own, or everybody's for those who manage them. */
export async function listApiKeys(
  ctx: AuthCtx,
  request: PageRequest & { readonly withRevoked?: boolean | null | undefined },
): Promise<Page<ApiKey>> {
  const grant = ctx.authorize('api-key:read');
  const { limit, after } = idPage(request);
  const rows = await ctx.query(
    grant,
    store.listApiKeys({
      tenantId: tenantOf(grant),
      userId: ctx.may('api-key:manage') ? null : userIdOf(ctx),
      withRevoked: request.withRevoked ?? false,
      before: after,
      limit: limit + 1,
    }),
  );
  return toPage(rows.map(toApiKey), limit, idKey);
}

/** One key. @throws AppError NOT_FOUND, also for a key the caller may not see */
export async function findApiKey(ctx: AuthCtx, id: string): Promise<ApiKey> {
  const grant = ctx.authorize('api-key:read');
  const row = isUuid(id) ? await ctx.first(grant, store.findApiKeyById({ tenantId: tenantOf(grant), id })) : undefined;
  if (row === undefined || !isTheirs(ctx, row.userId)) throw platformErrors.notFound();
  return toApiKey(row);
}

/** Whether a key is the caller's own, or theirs to manage. */
export const isTheirs = (ctx: AuthCtx, userId: string): boolean =>
  userId === ctx.actor.userId || ctx.may('api-key:manage');
