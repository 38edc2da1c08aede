import { findTenantPlanCall } from '@candlefish/auth/contract';
import { type Tx, tenantOf } from '@candlefish/kit/context';
import { documentErrors } from '../contract.ts';
import type { DocumentCtx } from '../ctx.ts';
import { type Allowance, isNear, type Quotas, quotaOf } from '../domain/quota.ts';
import { countDocuments, lockDocumentCount, readUsage } from '../store/document-usage.ts';
import { authorizeWork } from './document-access.ts';

/** What a tenant keeps now and may keep by its plan. Runs as the platform. */
export async function readAllowance(ctx: DocumentCtx, quotas: Quotas): Promise<Allowance> {
  const grant = authorizeWork(ctx);
  const { plan } = await ctx.call(findTenantPlanCall, {});
  const [usage] = await ctx.query(grant, readUsage({ tenantId: tenantOf(grant) }));
  if (usage === undefined) throw new Error('a sum is always there');
  return { usage, quota: quotaOf(quotas, plan) };
}

/** An allowance as callers see it. */
export const usageOf = ({ usage, quota }: Allowance) => ({
  documents: usage.documents,
  documentsMax: quota.documents,
  bytes: usage.bytes,
  bytesMax: quota.bytes,
});

/** What the caller's tenant keeps and may keep; for its owners and admins. */
export async function findUsage(ctx: DocumentCtx): Promise<Allowance> {
  const grant = ctx.authorize('document:administer');
  return ctx.service.usage.read(tenantOf(grant));
}

/**
 * Sees to it that a tenant has room for more bytes. What other processes have written within half a minute may not be in the
 * sum yet; just after its start a process knows no sum and lets everything pass.
 * @throws AppError QUOTA_EXCEEDED
 */
export function requireRoom(ctx: DocumentCtx, tenantId: string, bytes: number): void {
  const known = ctx.service.usage.known(tenantId);
  if (known === null) return;
  const { usage, quota } = known;
  if (usage.bytes + bytes > quota.bytes) throw exceeded(ctx, 'bytes', quota.bytes);
}

/**
 * Sees to it that a tenant may have one more document, however many are made at once: near the limit one creation waits for
 * the other.
 * @throws AppError QUOTA_EXCEEDED
 */
export async function requireRoomForDocument(
  ctx: DocumentCtx,
  tx: Tx<'document:create'>,
  tenantId: string,
  { usage, quota }: Allowance,
): Promise<void> {
  if (!isNear(usage, quota)) return;
  await tx.run(lockDocumentCount({ tenantId }));
  const { documents } = await tx.one(countDocuments({ tenantId }));
  if (documents >= quota.documents) throw exceeded(ctx, 'documents', quota.documents);
}

function exceeded(ctx: DocumentCtx, quota: 'documents' | 'bytes', limit: number) {
  ctx.service.quotaRefused(quota);
  return documentErrors.quotaExceeded({
    detail: `The tenant keeps as many ${quota} as it may: ${limit}.`,
    extensions: { quota, limit },
  });
}
