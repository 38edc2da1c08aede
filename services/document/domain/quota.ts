/** What a tenant may keep. */
export interface Quota {
  readonly documents: number;
  /** Of logs, snapshots and kept states. */
  readonly bytes: number;
}

/** What a tenant keeps. */
export interface Usage {
  readonly documents: number;
  readonly bytes: number;
}

/** What a tenant keeps and may keep. */
export interface Allowance {
  readonly usage: Usage;
  readonly quota: Quota;
}

/** Quotas by the plans of tenants; `*` is for all others. */
export type Quotas = ReadonlyMap<string, Quota>;

const ENTRY = /^(\*|[a-z][a-z0-9_-]*):(\d{1,9}):(\d{1,9})$/;
const MIB = 1024 * 1024;

/**
 * The quotas in a text such as `free:100:512, *:10000:20480`: documents and MiB of each plan.
 * @throws Error that says what is wrong with it.
 */
export function readQuotas(text: string): Quotas {
  const quotas = new Map<string, Quota>();
  for (const entry of text.split(',')) {
    const [, plan, documents, mib] = ENTRY.exec(entry.trim()) ?? [];
    if (plan === undefined) throw new Error(`"${entry.trim()}" is not plan:documents:MiB`);
    if (quotas.has(plan)) throw new Error(`"${plan}" stands there twice`);
    quotas.set(plan, { documents: Number(documents), bytes: Number(mib) * MIB });
  }
  if (!quotas.has('*')) throw new Error('"*" is missing, the quota of all other plans');
  return quotas;
}

/** The quota of a plan. */
export function quotaOf(quotas: Quotas, plan: string): Quota {
  const quota = quotas.get(plan) ?? quotas.get('*');
  if (quota === undefined) throw new Error('quotas name all other plans');
  return quota;
}

/** From here on a number of documents is counted anew, one creation after the other. */
const NEAR_SHARE = 0.9;
/** More creations than a tenant has under way at once: they are in no sum yet. */
const UNDER_WAY_MAX = 100;

/** Whether so many documents are near their limit. */
export const isNear = ({ documents }: Usage, quota: Quota): boolean =>
  documents + UNDER_WAY_MAX >= quota.documents * NEAR_SHARE;

/** How full a tenant is. */
export const fullnessOf = (usage: Usage, quota: Quota): 'room' | 'near' | 'full' => {
  const share = Math.max(usage.documents / Math.max(1, quota.documents), usage.bytes / Math.max(1, quota.bytes));
  if (share >= 1) return 'full';
  return share >= NEAR_SHARE ? 'near' : 'room';
};
