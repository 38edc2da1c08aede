import {
  accessChannel,
  appendUpdates,
  type Growth,
  growthChannel,
  growthMessages,
  joinDocument,
  readDifference,
  readUpdatesAfter,
} from '@candlefish/document/contract';
import { platformErrors } from '@candlefish/kit/errors';
import type { PubSub } from '@candlefish/kit/pubsub';
import { defineService, provide, type ServiceDeclaration } from '@candlefish/kit/service';
import * as Y from 'yjs';

/** A document as the calls of the contract see it. */
export interface MemoryDocument {
  readonly id: string;
  readonly tenantId: string;
  readonly doc: Y.Doc;
  /** Row n is at n - 1. */
  readonly log: Uint8Array[];
  epoch: number;
  /** Rows up to here are gone, as after pruning. */
  prunedSeq: number;
  /** Level by id of the user; default `edit`. */
  readonly levels: Map<string, 'view' | 'comment' | 'edit' | 'manage' | 'none'>;
}

/** What a test may do to the stand-in. */
export interface Faults {
  /** Throws it in place of an append. */
  beforeAppend: (() => Promise<void>) | null;
  /** Throws it after an append was done, as a connection that breaks before the answer does. */
  afterAppend: (() => Promise<void>) | null;
  /** Whether growth is told. */
  tells: boolean;
}

/**
 * The calls of `contract/live.ts` over documents in memory, for tests of what a node makes of answers, delays and
 * failures. Several nodes may share one store, as they share a database.
 */
export class MemoryDocuments {
  readonly documents = new Map<string, MemoryDocument>();
  readonly faults: Faults = { beforeAppend: null, afterAppend: null, tells: true };
  readonly calls = { append: 0, read: 0, difference: 0 };

  add(id: string, tenantId: string): MemoryDocument {
    const document = { id, tenantId, doc: new Y.Doc(), log: [], epoch: 0, prunedSeq: 0, levels: new Map() };
    this.documents.set(id, document);
    return document;
  }

  /** Appends as another node would, without a word to anybody. */
  write(document: MemoryDocument, change: (doc: Y.Doc) => void): void {
    const before = Y.encodeStateVector(document.doc);
    document.doc.transact(() => change(document.doc));
    document.log.push(Y.encodeStateAsUpdate(document.doc, before));
  }

  /** The service of a node. */
  service(): ServiceDeclaration<PubSub> {
    return defineService({
      name: 'document',
      summary: 'Documents in memory.',
      config: {},
      policy: { table: { 'document:read': ['owner', 'admin', 'viewer', 'anonymous'] } },
      setup: async ({ pubsub }): Promise<PubSub> => pubsub,
      provides: [
        provide(joinDocument, async (ctx, { documentId, shareToken }) => {
          const document = this.documents.get(documentId);
          const { actor } = ctx;
          if (document === undefined) throw platformErrors.notFound();
          const level = shareToken === 'open' ? 'view' : (document.levels.get(actor.id) ?? 'edit');
          if (shareToken !== 'open' && document.tenantId !== actor.tenantId) throw platformErrors.notFound();
          if (level === 'none') throw platformErrors.notFound();
          const { id, tenantId, epoch, log } = document;
          const writer = { kind: actor.kind, id: actor.id, userId: null };
          const place = { documentId: id, tenantId, contentType: 'text/plain' as const, epoch, version: log.length };
          return { ...place, access: level, writer, name: `name of ${actor.id}` };
        }),
        provide(readDifference, async (ctx, { documentId, stateVector }) => {
          this.calls.difference += 1;
          const { doc, epoch, log } = this.#own(ctx.actor.tenantId, documentId);
          const update =
            stateVector.length === 0 ? Y.encodeStateAsUpdate(doc) : Y.encodeStateAsUpdate(doc, stateVector);
          return { epoch, seq: log.length, update, stateVector: Y.encodeStateVector(doc) };
        }),
        provide(appendUpdates, async (ctx, { updates }) => {
          this.calls.append += 1;
          await this.faults.beforeAppend?.();
          const grown = new Map<string, number>();
          const results = updates.map(({ documentId, epoch, update }) => {
            const document = this.documents.get(documentId);
            const refuse = (refused: 'not_found' | 'epoch' | 'missing_dependencies') => ({
              seq: null,
              isNew: false,
              refused,
            });
            if (document?.tenantId !== ctx.actor.tenantId) return refuse('not_found');
            if (document.epoch !== epoch) return refuse('epoch');
            const trial = new Y.Doc();
            Y.applyUpdate(trial, Y.encodeStateAsUpdate(document.doc));
            Y.applyUpdate(trial, update);
            if (trial.store.pendingStructs !== null || trial.store.pendingDs !== null)
              return refuse('missing_dependencies');
            const isKnown = Buffer.compare(Y.encodeStateAsUpdate(trial), Y.encodeStateAsUpdate(document.doc)) === 0;
            if (isKnown) return { seq: document.log.length, isNew: false, refused: null };
            Y.applyUpdate(document.doc, update);
            document.log.push(update);
            grown.set(documentId, document.log.length);
            return { seq: document.log.length, isNew: true, refused: null };
          });
          await this.faults.afterAppend?.();
          await this.#tell(
            ctx.service,
            ctx.actor.tenantId ?? '',
            [...grown].map(([documentId, seq]) => ({ documentId, seq })),
          );
          return { results };
        }),
        provide(readUpdatesAfter, async (ctx, { documents }) => {
          this.calls.read += 1;
          const found = documents.flatMap(({ documentId, after }) => {
            const document = this.documents.get(documentId);
            return document?.tenantId === ctx.actor.tenantId ? [{ document, after }] : [];
          });
          return {
            documents: found.map(({ document, after }) => ({
              documentId: document.id,
              epoch: document.epoch,
              headSeq: document.log.length,
              lost: after < document.prunedSeq,
              updates:
                after < document.prunedSeq
                  ? []
                  : document.log.slice(after).map((update, index) => ({ seq: after + index + 1, update })),
            })),
          };
        }),
      ],
      scaling: { min: 1, max: 1, cpuPercent: 60, requestsPerSecond: 1 },
      slo: { p95Ms: 1_000, availability: 0.9 },
    });
  }

  async #tell(pubsub: PubSub, tenantId: string, growths: readonly Growth[]): Promise<void> {
    if (!this.faults.tells) return;
    for (const message of growthMessages(growths)) await pubsub.publish(growthChannel(tenantId), message);
  }

  #own(tenantId: string | null, documentId: string): MemoryDocument {
    const document = this.documents.get(documentId);
    if (document === undefined || document.tenantId !== tenantId) throw platformErrors.notFound();
    return document;
  }
}

/** Tells that access to a document may have changed. */
export const tellAccess = (pubsub: PubSub, { tenantId, id }: MemoryDocument): Promise<void> =>
  pubsub.publish(accessChannel(tenantId), id);
