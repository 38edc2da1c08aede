import type { Grant } from '@candlefish/kit/context';
import * as Y from 'yjs';
import type { DocumentCopy, DocumentCtx } from '../ctx.ts';
import type { ContentType } from '../domain/content-types.ts';
import { listAuthors } from '../store/document-authors.ts';
import { findHeads, readUpdatesOf } from '../store/live-updates.ts';
import { authorizeWork } from './document-access.ts';
import { loadDocument } from './load-document.ts';

/** The grant of the platform's own writing into logs. */
export type AppendGrant = Grant<'document:append'>;

/** Updates of one catching up: more than anybody writes between two batches. */
const CATCH_UP_ROWS_MAX = 1_000;
const CATCH_UP_BYTES_MAX = 8 * 1024 * 1024;

/** Copies of documents, loaded where this process has none, and up to date with the log. Those that are gone are left out. */
export async function openCopies(
  ctx: DocumentCtx,
  grant: AppendGrant,
  tenantId: string,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, DocumentCopy>> {
  const { copies } = ctx.service;
  const opened = new Map<string, DocumentCopy>();
  const missing: string[] = [];
  for (const documentId of documentIds) {
    const copy = copies.find(documentId);
    if (copy === undefined) missing.push(documentId);
    else opened.set(documentId, copy);
  }
  const behind = [...opened.values()].filter((copy) => copy.isBehind);
  if (behind.length > 0) await catchUp(ctx, grant, tenantId, behind);
  for (const copy of missing.length === 0 ? [] : await loadCopies(ctx, grant, tenantId, missing)) {
    opened.set(copy.documentId, copy);
  }
  for (const copy of behind) if (copies.find(copy.documentId) === undefined) opened.delete(copy.documentId);
  const gone = documentIds.filter((id) => !opened.has(id) && !missing.includes(id));
  // Their log does not go on from the copy, or they were erased: what is there now is loaded.
  for (const copy of gone.length === 0 ? [] : await loadCopies(ctx, grant, tenantId, gone)) {
    opened.set(copy.documentId, copy);
  }
  return opened;
}

async function loadCopies(
  ctx: DocumentCtx,
  grant: AppendGrant,
  tenantId: string,
  documentIds: readonly string[],
): Promise<readonly DocumentCopy[]> {
  const heads = await ctx.query(grant, findHeads({ tenantId, documentIds }));
  // Read after the epochs: whoever knows of a history knows which client ids were retired before it.
  const authors = await ctx.query(grant, listAuthors({ tenantId, documentIds }));
  const work = authorizeWork(ctx);
  const loaded: DocumentCopy[] = [];
  for (const head of heads) {
    const { documentId, contentSchema, epoch } = head;
    const contentType = head.contentType as ContentType;
    // One after another: each may be large.
    const { doc, seq } = await loadDocument((statement) => ctx.query(work, statement), {
      tenantId,
      documentId,
      contentType,
    });
    doc.emit = nobodyListens;
    const own = authors.filter((author) => author.documentId === documentId);
    const copy: DocumentCopy = {
      documentId,
      contentType,
      contentSchema,
      epoch,
      doc,
      seq,
      isBehind: false,
      isDirty: false,
      bytesAtMost: head.snapshotBytes + head.bytesSinceSnapshot,
      authors: new Map(own.map((row) => [row.clientId, { kind: row.actorKind, id: row.actorId }])),
      retired: new Set(own.filter((row) => row.isRetired).map((row) => row.clientId)),
    };
    ctx.service.copies.keep(copy);
    loaded.push(copy);
  }
  return loaded;
}

/** In place of `emit` of a copy: telling nobody of each transaction takes a fifth of its time. */
const nobodyListens = (): void => undefined;

/** Brings copies up to the end of their logs. One whose log does not go on from it is dropped. */
export async function catchUp(
  ctx: DocumentCtx,
  grant: AppendGrant,
  tenantId: string,
  behind: readonly DocumentCopy[],
): Promise<void> {
  let waiting = behind;
  while (waiting.length > 0) {
    const rows = await ctx.query(
      grant,
      readUpdatesOf({
        tenantId,
        documentIds: waiting.map(({ documentId }) => documentId),
        afters: waiting.map(({ seq }) => seq),
        rowsMax: CATCH_UP_ROWS_MAX,
        bytesMax: CATCH_UP_BYTES_MAX,
      }),
    );
    const before = new Map(waiting.map((copy) => [copy, copy.seq]));
    const heads = new Map<string, number>();
    for (const { documentId, headSeq, epoch, seq, update } of rows) {
      const copy = waiting.find((one) => one.documentId === documentId);
      if (copy === undefined || (heads.get(documentId) ?? headSeq) < 0) continue;
      heads.set(documentId, copy.epoch === epoch ? headSeq : -1);
      if (seq === null || update === null || copy.epoch !== epoch) continue;
      if (seq !== copy.seq + 1) {
        // Pruned past it, or a row before it did not fit: the latter comes with the next read.
        if (copy.seq === before.get(copy)) heads.set(documentId, -1);
        continue;
      }
      Y.applyUpdate(copy.doc, update);
      copy.seq = seq;
      copy.bytesAtMost += update.length;
    }
    const next: DocumentCopy[] = [];
    for (const copy of waiting) {
      const headSeq = heads.get(copy.documentId) ?? -1;
      if (headSeq < 0) ctx.service.copies.drop(copy.documentId);
      else if (copy.seq < headSeq) next.push(copy);
      else copy.isBehind = false;
    }
    waiting = next;
  }
}
