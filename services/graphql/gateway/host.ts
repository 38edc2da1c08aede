import type { IncomingMessage } from 'node:http';
import type { Cache } from '@candlefish/kit/cache';
import type { Actor, Credential, RequestScope } from '@candlefish/kit/context';
import type { AppError } from '@candlefish/kit/errors';
import type { SubgraphExecutor } from '@candlefish/kit/graphql';
import type { Logger } from '@candlefish/kit/telemetry';

/** What the endpoint needs of the process that serves it. */
export interface GatewayHost {
  /** Executors of all subgraphs by name: here or in another process. */
  readonly subgraphs: ReadonlyMap<string, SubgraphExecutor>;
  readonly cache: Cache;
  readonly log: Logger;
  /** Aborts when the process begins to drain: streams end, new ones are refused. */
  readonly draining: AbortSignal;
  /**
   * The scope of a socket, which lives until `signal` aborts.
   * @param credential What the client sent in `connection_init`; null when only the upgrade's headers count.
   * @throws AppError UNAUTHENTICATED when the credential is not valid now.
   */
  socketScope(upgrade: IncomingMessage, credential: Credential | null, signal: AbortSignal): Promise<RequestScope>;
  /** Counts operations beyond the request itself: those of a batch and of a socket. @throws AppError RATE_LIMITED */
  admit(scope: RequestScope, operations: number): Promise<void>;
  /** Calls `end` once when what the actor came with is revoked. Returns what ends the watch. */
  watch(actor: Actor, end: (why: AppError) => void): () => void;
}
