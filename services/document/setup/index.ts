import type { ConfigOf } from '@candlefish/kit/config';
import type { SetupParts } from '@candlefish/kit/service';
import type { DocumentCtx, DocumentService } from '../ctx.ts';
import { readAllowance } from '../operations/quotas.ts';
import { refreshCopy } from '../operations/refresh-copy.ts';
import type { config } from './config.ts';
import { Converter } from './converter.ts';
import { CopyRefresher } from './copy-refresher.ts';
import { DocumentCopies } from './document-copies.ts';
import { GrowthHub } from './growth-hub.ts';
import { Lanes } from './lanes.ts';
import { createLinkPasswords } from './link-passwords.ts';
import { createShareTokens } from './share-tokens.ts';
import { TenantUsage } from './tenant-usage.ts';
import { WholeStates } from './whole-states.ts';

/** Builds what the service keeps for the life of the process. */
export async function setup(parts: SetupParts<ConfigOf<typeof config>>): Promise<DocumentService> {
  const { pubsub, draining, limits, events } = parts;
  // The kit gives a service's own context without knowing what this function makes.
  const system = (tenantId: string, signal?: AbortSignal) => parts.system(tenantId, signal) as DocumentCtx;
  const refresh = (tenantId: string, documentId: string) => refreshCopy(system(tenantId), documentId);
  const allowance = (tenantId: string) => readAllowance(system(tenantId), parts.config.quotas);
  const onFailure = (error: unknown) => parts.log.warn({ err: error }, 'what a tenant keeps could not be read anew');
  const refusals = parts.metrics.counter('document_quota_refusals_total', 'Refusals for a quota.', ['quota']);
  return {
    usage: new TenantUsage(allowance, { metrics: parts.metrics, onFailure }),
    quotaRefused: (quota) => refusals.inc({ quota }),
    pubsub,
    growth: new GrowthHub(pubsub),
    copies: new DocumentCopies(parts.config.copiesMb * 1024 * 1024),
    wholeStates: new WholeStates(),
    lanes: new Lanes(),
    copyRefresher: new CopyRefresher(refresh, parts.log),
    converter: new Converter(parts.log),
    draining,
    limits,
    events,
    shareTokens: createShareTokens(parts.deriveKey('document/share-tokens/v1')),
    linkPasswords: createLinkPasswords(),
    system,
  };
}

/** Ends what `setup` began. */
export async function close({ copyRefresher, converter }: DocumentService): Promise<void> {
  copyRefresher.close();
  await converter.close();
}
