import { tenantOf } from '@candlefish/kit/context';
import * as Y from 'yjs';
import type { Refusal, Writer } from '../contract.ts';
import type { Author, DocumentCopy, DocumentCtx } from '../ctx.ts';
import { checkChanged } from '../domain/check-content.ts';
import { readIncoming } from '../domain/incoming-update.ts';
import { DOCUMENT_BYTES_MAX } from '../domain/limits.ts';
import { mergeUpdates } from '../domain/merge-updates.ts';
import { UPDATE_BYTES_MAX } from '../domain/operation.ts';
import type { Allowance } from '../domain/quota.ts';
import { appendRows, findHeads } from '../store/live-updates.ts';
import { contentOptions } from './content-options.ts';
import { type AppendGrant, catchUp, openCopies } from './load-copies.ts';
import { tellGrowth } from './tell-growth.ts';

/** An update on its way into a log. */
export interface LiveUpdate {
  readonly documentId: string;
  /** Epoch that its writer knows the document in. */
  readonly epoch: number;
  readonly update: Uint8Array;
  readonly writer: Writer;
}

/** What became of it. */
export interface LiveResult {
  /** The row it is in, or of the state that had it already; null when it was refused. */
  readonly seq: number | null;
  /** Whether the row was made for it. */
  readonly isNew: boolean;
  readonly refused: Refusal | null;
}

/** Updates of one writer that follow one another in one document: one row. */
interface Row {
  readonly copy: DocumentCopy;
  readonly writer: Writer;
  readonly updates: Uint8Array[];
  /** Places in the call. */
  readonly places: number[];
}

interface NewAuthor {
  readonly documentId: string;
  readonly clientId: number;
  readonly writer: Writer;
}

/**
 * Appends updates of several documents to their logs, all that can be taken in one statement and so in one commit. Each is
 * read through, held against the process's copy of the document and applied to it; a copy that has taken what is not
 * committed after all is dropped, so nobody ever sees a half of anything.
 */
export async function appendUpdates(ctx: DocumentCtx, updates: readonly LiveUpdate[]): Promise<readonly LiveResult[]> {
  const grant = ctx.authorize('document:append');
  const tenantId = tenantOf(grant);
  // One after another in a tenant: the copies are shared.
  return ctx.service.lanes.run(tenantId, () => new Batch(ctx, grant, tenantId, updates).append());
}

class Batch {
  readonly #ctx: DocumentCtx;
  readonly #grant: AppendGrant;
  readonly #tenantId: string;
  readonly #updates: readonly LiveUpdate[];
  readonly #results: LiveResult[];
  readonly #rows: Row[] = [];
  readonly #lastRow = new Map<DocumentCopy, Row>();
  readonly #authors: NewAuthor[] = [];
  readonly #touched = new Set<DocumentCopy>();
  /** Bytes that the batch has taken. */
  #bytes = 0;
  #allowance: Allowance | null = null;

  constructor(ctx: DocumentCtx, grant: AppendGrant, tenantId: string, updates: readonly LiveUpdate[]) {
    this.#ctx = ctx;
    this.#grant = grant;
    this.#tenantId = tenantId;
    this.#updates = updates;
    this.#results = updates.map(() => refusal('not_found'));
  }

  async append(): Promise<readonly LiveResult[]> {
    try {
      await this.#apply();
      if (this.#rows.length > 0) await this.#commit();
      for (const copy of this.#touched) copy.isDirty = false;
      return this.#results;
    } catch (error) {
      // What was not committed must not be read from, nor built on.
      for (const { documentId } of this.#touched) this.#ctx.service.copies.drop(documentId);
      throw error;
    }
  }

  async #apply(): Promise<void> {
    this.#allowance = this.#ctx.service.usage.known(this.#tenantId);
    const documentIds = [...new Set(this.#updates.map(({ documentId }) => documentId))];
    this.#dropOutdated();
    const copies = new Map(await openCopies(this.#ctx, this.#grant, this.#tenantId, documentIds));
    for (const [place, live] of this.#updates.entries()) {
      const copy = copies.get(live.documentId);
      if (copy === undefined) continue;
      let refused = this.#take(copy, place, live);
      if (refused === 'missing_dependencies') {
        // What it builds on may have come through another node.
        await catchUp(this.#ctx, this.#grant, this.#tenantId, [copy]);
        if (this.#ctx.service.copies.find(copy.documentId) === copy) refused = this.#take(copy, place, live);
      }
      if (refused === null) continue;
      this.#results[place] = refusal(refused === 'spoilt' ? 'invalid' : refused);
      if (refused === 'spoilt') copies.set(live.documentId, await this.#restore(copy));
    }
  }

  /** A writer who knows a later history than the copy has heard of it first: another node has erased the one before. */
  #dropOutdated(): void {
    const { copies } = this.#ctx.service;
    for (const { documentId, epoch } of this.#updates) {
      if ((copies.find(documentId)?.epoch ?? epoch) < epoch) copies.drop(documentId);
    }
  }

  /** Applies one update to the copy. @returns why it is refused, `spoilt` when the copy has taken a part of it, or null. */
  #take(copy: DocumentCopy, place: number, { epoch, update, writer }: LiveUpdate): Refusal | 'spoilt' | null {
    if (epoch !== copy.epoch) return 'epoch';
    if (update.length > UPDATE_BYTES_MAX) return 'too_large';
    const incoming = readIncoming(copy.doc, update);
    if (incoming === null) return 'malformed';
    if (incoming.ranges.some(({ client }) => copy.retired.has(client))) return 'epoch';
    if (incoming.isMissing) return 'missing_dependencies';
    // Written under another one's name: refused before anything is touched.
    if (incoming.ranges.some(({ client }) => !isSame(copy.authors.get(client) ?? writer, writer))) return 'invalid';
    if (this.#isTooLarge(copy, update)) return 'too_large';
    // Deletions are taken always: they are how room is made, and what syncs repeat.
    if (incoming.ranges.length > 0 && this.#isBeyondQuota(update.length)) return 'quota';
    this.#touched.add(copy);
    copy.isDirty = true;
    const changed = applyChecked(copy, update);
    if (changed === 'invalid') return 'spoilt';
    if (changed === 'nothing') {
      // What the copy has may be on its way in this very batch.
      const row = this.#lastRow.get(copy);
      if (row === undefined) this.#results[place] = { seq: copy.seq, isNew: false, refused: null };
      else row.places.push(place);
      return null;
    }
    for (const { client } of incoming.ranges) {
      if (copy.authors.has(client)) continue;
      copy.authors.set(client, writer);
      this.#authors.push({ documentId: copy.documentId, clientId: client, writer });
    }
    copy.bytesAtMost += update.length;
    this.#bytes += update.length;
    this.#addToRow(copy, place, update, writer);
    return null;
  }

  #isBeyondQuota(bytes: number): boolean {
    if (this.#allowance === null) return false;
    const { usage, quota } = this.#allowance;
    if (usage.bytes + this.#bytes + bytes <= quota.bytes) return false;
    this.#ctx.service.quotaRefused('bytes');
    return true;
  }

  #isTooLarge(copy: DocumentCopy, update: Uint8Array): boolean {
    if (copy.bytesAtMost + update.length <= DOCUMENT_BYTES_MAX) return false;
    // The bound is rough: only beyond it the size itself is looked at.
    copy.bytesAtMost = Y.encodeStateAsUpdateV2(copy.doc).length;
    return copy.bytesAtMost + update.length > DOCUMENT_BYTES_MAX;
  }

  /** A row holds what one writer wrote without another one between: rows in order build only on rows before them. */
  #addToRow(copy: DocumentCopy, place: number, update: Uint8Array, writer: Writer): void {
    const last = this.#lastRow.get(copy);
    if (last !== undefined && isSame(last.writer, writer)) {
      last.updates.push(update);
      last.places.push(place);
      return;
    }
    const row: Row = { copy, writer, updates: [update], places: [place] };
    this.#lastRow.set(copy, row);
    this.#rows.push(row);
  }

  /** The committed state again, with what this batch has taken so far. */
  async #restore(spoilt: DocumentCopy): Promise<DocumentCopy> {
    this.#ctx.service.copies.drop(spoilt.documentId);
    this.#touched.delete(spoilt);
    const opened = await openCopies(this.#ctx, this.#grant, this.#tenantId, [spoilt.documentId]);
    const copy = opened.get(spoilt.documentId);
    if (copy === undefined) throw new Error(`document ${spoilt.documentId} went away while it was written`);
    // What the batch has taken belongs to a history that was erased meanwhile; tried again, it is refused.
    if (copy.epoch !== spoilt.epoch) throw new Error(`the history of document ${spoilt.documentId} was just erased`);
    for (const [index, row] of this.#rows.entries()) {
      if (row.copy !== spoilt) continue;
      const moved: Row = { ...row, copy };
      for (const update of row.updates) Y.applyUpdate(copy.doc, update);
      this.#rows[index] = moved;
      this.#lastRow.set(copy, moved);
      this.#touched.add(copy);
      copy.isDirty = true;
    }
    for (const [clientId, author] of spoilt.authors) copy.authors.set(clientId, author);
    return copy;
  }

  async #commit(): Promise<void> {
    const rows = this.#rows;
    const appended = await this.#ctx.query(
      this.#grant,
      appendRows({
        tenantId: this.#tenantId,
        documentIds: rows.map(({ copy }) => copy.documentId),
        epochs: rows.map(({ copy }) => copy.epoch),
        updates: rows.map(({ updates }) => mergeUpdates(updates)),
        actorKinds: rows.map(({ writer }) => writer.kind),
        actorIds: rows.map(({ writer }) => writer.id),
        userIds: rows.map(({ writer }) => writer.userId ?? ''),
        authorDocumentIds: this.#authors.map(({ documentId }) => documentId),
        authorClientIds: this.#authors.map(({ clientId }) => clientId),
        authorKinds: this.#authors.map(({ writer }) => writer.kind),
        authorIds: this.#authors.map(({ writer }) => writer.id),
        authorUserIds: this.#authors.map(({ writer }) => writer.userId ?? ''),
      }),
    );
    const seqs = new Map<string, number[]>();
    for (const { documentId, seq } of appended) {
      const own = seqs.get(documentId);
      if (own === undefined) seqs.set(documentId, [seq]);
      else own.push(seq);
    }
    for (const own of seqs.values()) own.sort((a, b) => a - b);
    const left = new Set<DocumentCopy>();
    const next = new Map<string, number>();
    for (const { copy, places } of rows) {
      const place = next.get(copy.documentId) ?? 0;
      next.set(copy.documentId, place + 1);
      const seq = seqs.get(copy.documentId)?.[place];
      if (seq === undefined) left.add(copy);
      else {
        if (seq === copy.seq + 1) copy.seq = seq;
        else copy.isBehind = true;
        for (const one of places) this.#results[one] = { seq, isNew: true, refused: null };
      }
    }
    this.#ctx.service.usage.add(this.#tenantId, { bytes: this.#bytes });
    await this.#refuseLeftOut(left);
    for (const copy of this.#touched) if (!left.has(copy)) this.#ctx.service.copies.keep(copy);
    const grown = Array.from(seqs, ([documentId, own]) => ({ documentId, seq: own.at(-1) ?? 0 }));
    tellGrowth(this.#ctx, this.#tenantId, grown);
    for (const { documentId } of grown) this.#ctx.service.copyRefresher.note(this.#tenantId, documentId);
  }

  /** Documents that were deleted, or begun anew, while they were written. */
  async #refuseLeftOut(left: ReadonlySet<DocumentCopy>): Promise<void> {
    if (left.size === 0) return;
    const documentIds = [...left].map(({ documentId }) => documentId);
    const heads = await this.#ctx.query(this.#grant, findHeads({ tenantId: this.#tenantId, documentIds }));
    const there = new Set(heads.map(({ documentId }) => documentId));
    for (const { copy, places } of this.#rows) {
      if (!left.has(copy)) continue;
      this.#ctx.service.copies.drop(copy.documentId);
      const why = there.has(copy.documentId) ? 'epoch' : 'not_found';
      for (const place of places) this.#results[place] = refusal(why);
    }
  }
}

const isSame = (one: Author, other: Author): boolean => one.id === other.id && one.kind === other.kind;

const refusal = (refused: Refusal): LiveResult => ({ seq: null, isNew: false, refused });

/** Applies an update whose foundations are there, and looks at what it changed. */
function applyChecked(copy: DocumentCopy, update: Uint8Array): 'changed' | 'nothing' | 'invalid' {
  const { doc, contentType, contentSchema } = copy;
  let transaction: Y.Transaction;
  try {
    transaction = Y.transact(doc, (own) => {
      Y.applyUpdate(doc, update);
      return own;
    });
  } catch {
    // Yjs could read it and not do it: another type under a known name, say. The copy is spoilt.
    return 'invalid';
  }
  const { pendingStructs, pendingDs } = doc.store;
  if (pendingStructs !== null || pendingDs !== null) return 'invalid';
  if (!hasChanged(transaction)) return 'nothing';
  return checkChanged(transaction, contentType, contentOptions(contentSchema)) === null ? 'changed' : 'invalid';
}

function hasChanged({ beforeState, afterState, deleteSet }: Y.Transaction): boolean {
  if (deleteSet.clients.size > 0) return true;
  for (const [client, clock] of afterState) if (beforeState.get(client) !== clock) return true;
  return false;
}
