import type { Ctx } from '@candlefish/kit/context';
import type { PubSub } from '@candlefish/kit/pubsub';

/** What the service builds at its start. */
export interface DocumentService {
  /** Wakes the followers of a document; the log is what they read. */
  readonly pubsub: PubSub;
  /** Aborts when the process begins to drain: followers are sent home. */
  readonly draining: AbortSignal;
}

/** The context of every operation of this service. */
export type DocumentCtx = Ctx<DocumentService>;
