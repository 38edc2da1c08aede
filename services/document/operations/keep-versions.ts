import { DAY_MS, MINUTE_MS } from '@candlefish/base/time';
import { tenantOf } from '@candlefish/kit/context';
import type { DocumentCtx } from '../ctx.ts';
import { deleteSurplusVersions, findDueVersions, findSurplusVersions } from '../store/document-versions.ts';
import { authorizeWork } from './document-access.ts';
import { keepVersion, takeState } from './keep-version.ts';
import { lockDocument } from './locked-document.ts';

/** A document at which nobody has worked for so long is at the end of a session. */
const QUIET_MS = 10 * MINUTE_MS;
/** Updates beyond the newest version after which another one is kept without a pause. */
const UPDATES_MAX = 500;
/** A document that was last touched before this is left to its next edit, so that a run looks at few of many documents. */
const TOUCHED_MS = 3 * DAY_MS;
/** Documents of one run, which comes every minute. */
const DOCUMENTS_MAX = 500;
/** Versions deleted by one run, which comes every hour. */
const SURPLUS_MAX = 5_000;

/** Keeps the states that are due, of all tenants: after a pause, or after many updates. @returns how many were kept. */
export async function keepDueVersions(ctx: DocumentCtx): Promise<number> {
  const grant = ctx.authorize('document:keep-versions');
  const now = ctx.clock.now().getTime();
  const rows = await ctx.query(
    grant,
    findDueVersions({
      touchedSince: new Date(now - TOUCHED_MS),
      quietSince: new Date(now - QUIET_MS),
      updatesMax: UPDATES_MAX,
      limit: DOCUMENTS_MAX,
    }),
  );
  let kept = 0;
  for (const { tenantId, documentId } of rows) {
    ctx.signal.throwIfAborted();
    // One after another: each holds a whole document in memory.
    try {
      if (await keepAutoVersion(ctx.service.system(tenantId, ctx.signal), documentId)) kept += 1;
    } catch (error) {
      ctx.signal.throwIfAborted();
      // Deleted meanwhile, or damaged: the others must not wait for it.
      ctx.log.error({ err: error, documentId }, 'a version of a document could not be kept');
    }
  }
  return kept;
}

/** Keeps the present state of a document unless it is kept already. @returns whether it was kept now. */
async function keepAutoVersion(ctx: DocumentCtx, documentId: string): Promise<boolean> {
  const grant = authorizeWork(ctx);
  return ctx.tx(grant, async (tx) => {
    const document = await lockDocument(tx, grant, documentId);
    return (await keepVersion(ctx, tx, takeState(document), { kind: 'auto' })) !== null;
  });
}

/** Deletes versions without a name that others stand for, of all tenants. @returns how many were found to delete. */
export async function thinVersions(ctx: DocumentCtx): Promise<number> {
  const grant = ctx.authorize('document:keep-versions');
  const rows = await ctx.query(grant, findSurplusVersions({ present: ctx.clock.now(), limit: SURPLUS_MAX }));
  const idsByTenant = Map.groupBy(rows, ({ tenantId }) => tenantId);
  for (const [tenantId, surplus] of idsByTenant) {
    const tenant = ctx.service.system(tenantId, ctx.signal);
    const work = authorizeWork(tenant);
    const ids = surplus.map(({ id }) => id);
    // One tenant after another: the deletions are spread over the run.
    await tenant.query(work, deleteSurplusVersions({ tenantId: tenantOf(work), ids }));
  }
  return rows.length;
}
