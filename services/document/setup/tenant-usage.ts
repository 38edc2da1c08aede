import type { Metrics } from '@candlefish/kit/telemetry';
import { type Allowance, fullnessOf, type Usage } from '../domain/quota.ts';

/** How old a sum may be before it is read anew. What other processes write in this time may go beyond a quota. */
const FRESH_MS = 30_000;
/** Tenants whose sums are kept, those that were asked for last: some 200 bytes each. */
const TENANTS_MAX = 10_000;

interface Entry {
  allowance: Allowance | null;
  readAtMs: number;
  reading: Promise<Allowance> | null;
}

/**
 * What tenants keep, as sums that are read now and then and that this process adds to as it writes. An old sum serves while
 * a new one is read, so that no edit waits for it.
 */
export class TenantUsage {
  readonly #entries = new Map<string, Entry>();
  readonly #read: (tenantId: string) => Promise<Allowance>;
  readonly #onFailure: (error: unknown) => void;

  constructor(
    read: (tenantId: string) => Promise<Allowance>,
    { metrics, onFailure }: { readonly metrics: Metrics; readonly onFailure: (error: unknown) => void },
  ) {
    this.#read = read;
    this.#onFailure = onFailure;
    metrics.watch(
      'document_quota_tenants',
      'Tenants by how full they are, of those this process has written for.',
      () => this.#byFullness(),
    );
  }

  /**
   * The sums of a tenant as far as this process knows; null before the first ones are read, which begins now. For work that
   * holds a connection already: waiting for another one could wait for itself.
   */
  known(tenantId: string): Allowance | null {
    const entry = this.#entryOf(tenantId);
    const isOld = entry.allowance === null || performance.now() - entry.readAtMs > FRESH_MS;
    if (isOld && entry.reading === null) this.#refresh(tenantId, entry).catch(this.#onFailure);
    return entry.allowance;
  }

  /** The same, which waits for the first ones. */
  async of(tenantId: string): Promise<Allowance> {
    return this.known(tenantId) ?? this.#refresh(tenantId, this.#entryOf(tenantId));
  }

  /** The sums of a tenant as they are now. */
  read(tenantId: string): Promise<Allowance> {
    const entry = this.#entryOf(tenantId);
    entry.reading = null;
    return this.#refresh(tenantId, entry);
  }

  /** This process has added something. */
  add(tenantId: string, { documents = 0, bytes = 0 }: Partial<Usage>): void {
    const entry = this.#entries.get(tenantId);
    if (entry === undefined || entry.allowance === null) return;
    const { usage, quota } = entry.allowance;
    entry.allowance = { usage: { documents: usage.documents + documents, bytes: usage.bytes + bytes }, quota };
  }

  /** Something has gone: the sums are read anew at once; a reading under way may have begun before. */
  expire(tenantId: string): void {
    const entry = this.#entries.get(tenantId);
    if (entry === undefined) return;
    entry.reading = null;
    this.#refresh(tenantId, entry).catch(this.#onFailure);
  }

  #entryOf(tenantId: string): Entry {
    const entry = this.#entries.get(tenantId) ?? { allowance: null, readAtMs: 0, reading: null };
    this.#entries.delete(tenantId);
    this.#entries.set(tenantId, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > TENANTS_MAX && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #refresh(tenantId: string, entry: Entry): Promise<Allowance> {
    if (entry.reading !== null) return entry.reading;
    const reading: Promise<Allowance> = this.#read(tenantId)
      .then((allowance) => {
        if (entry.reading === reading) {
          entry.allowance = allowance;
          entry.readAtMs = performance.now();
        }
        return allowance;
      })
      .finally(() => {
        if (entry.reading === reading) entry.reading = null;
      });
    entry.reading = reading;
    return reading;
  }

  #byFullness(): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[] {
    const counts = { room: 0, near: 0, full: 0 };
    for (const { allowance } of this.#entries.values()) {
      if (allowance !== null) counts[fullnessOf(allowance.usage, allowance.quota)] += 1;
    }
    return Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }));
  }
}
