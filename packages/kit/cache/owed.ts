import type { CacheKey } from './types.ts';

const OWED_MAX = 10_000; // about 2 MB of names

/** Invalidations of one tenant that Redis has not taken yet. */
export interface OwedRemoval {
  readonly tenantId: string;
  readonly keys: readonly CacheKey[];
  readonly tags: readonly string[];
}

/**
 * What must still be removed from the shared level because Redis was away: until then this node does not read those values there.
 */
export class OwedRemovals {
  private readonly byTenant = new Map<string, { readonly keys: Map<string, CacheKey>; readonly tags: Set<string> }>();
  private count = 0;

  /** Notes a removal. False when there are too many to remember. */
  add(tenantId: string, keys: readonly CacheKey[], tags: readonly string[]): boolean {
    if (this.count + keys.length + tags.length > OWED_MAX) return false;
    const owed = this.byTenant.get(tenantId) ?? { keys: new Map<string, CacheKey>(), tags: new Set<string>() };
    this.byTenant.set(tenantId, owed);
    this.count -= owed.keys.size + owed.tags.size;
    for (const key of keys) owed.keys.set(`${key.service}\n${key.name}`, key);
    for (const tag of tags) owed.tags.add(tag);
    this.count += owed.keys.size + owed.tags.size;
    return true;
  }

  /** Whether what Redis has under this key may be old. */
  covers(key: CacheKey, tags: readonly string[]): boolean {
    const owed = this.count === 0 ? undefined : this.byTenant.get(key.tenantId);
    if (owed === undefined) return false;
    return owed.keys.has(`${key.service}\n${key.name}`) || tags.some((tag) => owed.tags.has(tag));
  }

  isEmpty(): boolean {
    return this.count === 0;
  }

  list(): readonly OwedRemoval[] {
    return [...this.byTenant].map(([tenantId, { keys, tags }]) => ({
      tenantId,
      keys: [...keys.values()],
      tags: [...tags],
    }));
  }

  /** Removes what `list` gave out and Redis has taken. */
  settle({ tenantId, keys, tags }: OwedRemoval): void {
    const owed = this.byTenant.get(tenantId);
    if (owed === undefined) return;
    for (const key of keys) if (owed.keys.delete(`${key.service}\n${key.name}`)) this.count -= 1;
    for (const tag of tags) if (owed.tags.delete(tag)) this.count -= 1;
    if (owed.keys.size + owed.tags.size === 0) this.byTenant.delete(tenantId);
  }
}
