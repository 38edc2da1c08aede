import type { Ctx } from '@candlefish/kit/context';
import type { EventFeed } from '@candlefish/kit/events';
import type { RateLimiter } from '@candlefish/kit/limits';
import type { PubSub } from '@candlefish/kit/pubsub';
import type { Converter } from './setup/converter.ts';
import type { CopyRefresher } from './setup/copy-refresher.ts';
import type { DocumentCopies } from './setup/document-copies.ts';
import type { TenantUsage } from './setup/tenant-usage.ts';

export type { Author, DocumentCopy } from './setup/document-copies.ts';
export type { WholeState } from './setup/whole-states.ts';

import type { GrowthHub } from './setup/growth-hub.ts';
import type { Lanes } from './setup/lanes.ts';
import type { LinkPasswords } from './setup/link-passwords.ts';
import type { ShareTokens } from './setup/share-tokens.ts';
import type { WholeStates } from './setup/whole-states.ts';

/** What the service builds at its start. */
export interface DocumentService {
  /** Tells that logs have grown; the log is what is read. */
  readonly pubsub: PubSub;
  /** Hears it. */
  readonly growth: GrowthHub;
  /** Documents that this process writes into. */
  readonly copies: DocumentCopies;
  /** States of long documents as they go to new readers. */
  readonly wholeStates: WholeStates;
  /** One writing of copies at a time in a tenant. */
  readonly lanes: Lanes;
  readonly copyRefresher: CopyRefresher;
  readonly converter: Converter;
  /** What tenants keep and may keep. */
  readonly usage: TenantUsage;
  /** Counts a refusal for the sake of a quota. */
  quotaRefused(quota: 'documents' | 'bytes'): void;
  /** Aborts when the process begins to drain: followers are sent home. */
  readonly draining: AbortSignal;
  readonly events: EventFeed;
  readonly limits: RateLimiter;
  readonly shareTokens: ShareTokens;
  readonly linkPasswords: LinkPasswords;
  /** The platform itself at work in one tenant, for timers that run over all of them. */
  system(tenantId: string, signal: AbortSignal): DocumentCtx;
}

/** The context of every operation of this service. */
export type DocumentCtx = Ctx<DocumentService>;
