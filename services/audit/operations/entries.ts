import { decodeCursor, PAGE_SIZE_DEFAULT, type Page, toPage } from '@candlefish/base/page';
import { platformErrors } from '@candlefish/kit/errors';
import { errors } from '../contract.ts';
import type { AuditCtx } from '../ctx.ts';
import type { EntriesStatements } from '../store/entries.rows.generated.ts';
import { findEntry, listEntries } from '../store/entries.ts';

/** One entry of the audit log. */
export type Entry = EntriesStatements['listEntries']['row'];

/** Which entries a reader wants. */
export interface EntrySelection {
  /** An event (`nanda.agent.created.v1`) or the beginning of its name up to a dot (`nanda.agent`). */
  readonly event?: string | undefined;
  /** Id of the user, key or agent that acted, or of the person behind it. */
  readonly actorId?: string | undefined;
  /** From this moment on. */
  readonly from?: Date | undefined;
  /** Up to, not including, this moment. */
  readonly to?: Date | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** Entries of the caller's tenant, newest first. */
export async function listAuditEntries(ctx: AuditCtx, selection: EntrySelection): Promise<Page<Entry>> {
  const grant = ctx.authorize('audit:read');
  const limit = selection.limit ?? PAGE_SIZE_DEFAULT;
  const rows = await ctx.query(
    grant,
    listEntries({
      tenantId: grant.tenantId ?? '',
      before: beforeOf(selection.after),
      event: selection.event ?? null,
      actorId: selection.actorId ?? null,
      from: selection.from ?? null,
      to: selection.to ?? null,
      limit: limit + 1,
    }),
  );
  return toPage(rows, limit, (entry) => [entry.seq]);
}

/** One entry of the caller's tenant. @throws AppError AUDIT_ENTRY_NOT_FOUND */
export async function findAuditEntry(ctx: AuditCtx, id: string): Promise<Entry> {
  const grant = ctx.authorize('audit:read');
  const entry = await ctx.first(grant, findEntry({ tenantId: grant.tenantId ?? '', id }));
  if (entry === undefined) throw errors.auditEntryNotFound();
  return entry;
}

function beforeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  const seq = decodeCursor(cursor, 1)?.[0];
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) {
    throw platformErrors.validationFailed({ fields: [{ pointer: '/after', message: 'is not a cursor of this list' }] });
  }
  return seq;
}
