import { type Page, type PageKey, toPage } from '@candlefish/base/page';
import { badCursor, type PageRequest, pageStart } from '@candlefish/kit/page';
import { errors } from '../contract.ts';
import type { AuditCtx } from '../ctx.ts';
import type { EntriesStatements } from '../store/entries.rows.generated.ts';
import { findEntry, listEntries } from '../store/entries.ts';

/** One entry of the audit log. */
export type Entry = EntriesStatements['listEntries']['row'];

/** Which entries a reader wants. */
export interface EntrySelection extends PageRequest {
  /** An event (`nanda.agent.created.v1`) or the beginning of its name up to a dot (`nanda.agent`). */
  readonly event?: string | null | undefined;
  /** Id of the user, key or agent that acted, or of the person behind it. */
  readonly actorId?: string | null | undefined;
  /** From this moment on. */
  readonly from?: Date | null | undefined;
  /** Up to, not including, this moment. */
  readonly to?: Date | null | undefined;
}

/** The sort key of an entry. */
export const entryKey = (entry: Pick<Entry, 'seq'>): PageKey => [entry.seq];

/** Entries of the caller's tenant, newest first. @throws AppError VALIDATION_FAILED for a page that cannot be. */
export async function listAuditEntries(ctx: AuditCtx, selection: EntrySelection): Promise<Page<Entry>> {
  const grant = ctx.authorize('audit:read');
  const { limit, key } = pageStart(selection, ['number']);
  const rows = await ctx.query(
    grant,
    listEntries({
      tenantId: grant.tenantId ?? '',
      before: beforeOf(key),
      event: selection.event ?? null,
      actorId: selection.actorId ?? null,
      from: selection.from ?? null,
      to: selection.to ?? null,
      limit: limit + 1,
    }),
  );
  return toPage(rows, limit, entryKey);
}

/** One entry of the caller's tenant. @throws AppError AUDIT_ENTRY_NOT_FOUND */
export async function findAuditEntry(ctx: AuditCtx, id: string): Promise<Entry> {
  const grant = ctx.authorize('audit:read');
  const entry = await ctx.first(grant, findEntry({ tenantId: grant.tenantId ?? '', id }));
  if (entry === undefined) throw errors.auditEntryNotFound();
  return entry;
}

function beforeOf(key: PageKey | null): number {
  const seq = key === null ? Number.MAX_SAFE_INTEGER : Number(key[0]);
  if (!Number.isSafeInteger(seq)) throw badCursor('/after');
  return seq;
}
