import type { SetupParts } from '@candlefish/kit/service';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import { createLinkPasswords } from './link-passwords.ts';
import { createShareTokens } from './share-tokens.ts';

/** Builds what the service keeps for the life of the process. */
export async function setup(parts: SetupParts<object>): Promise<DocumentService> {
  const { pubsub, draining, limits, events } = parts;
  return {
    pubsub,
    draining,
    limits,
    events,
    shareTokens: createShareTokens(parts.deriveKey('document/share-tokens/v1')),
    linkPasswords: createLinkPasswords(),
    // The kit gives a service's own context without knowing what this function makes.
    system: (tenantId, signal) => parts.system(tenantId, signal) as DocumentCtx,
  };
}
