import type { PubSub, Unsubscribe } from '@candlefish/kit/pubsub';
import { growthChannel, readGrowths } from '../contract.ts';

type Wake = () => void;

interface Tenant {
  readonly wakes: Map<string, Set<Wake>>;
  readonly subscription: Promise<Unsubscribe>;
}

/** Wakes followers of documents: one subscription for each tenant, however many follow whatever of it. */
export class GrowthHub {
  readonly #pubsub: PubSub;
  readonly #tenants = new Map<string, Tenant>();

  constructor(pubsub: PubSub) {
    this.#pubsub = pubsub;
  }

  /** Resolves when growth told from then on wakes. Also wakes when something may have been missed. */
  async subscribe(tenantId: string, documentId: string, wake: Wake): Promise<Unsubscribe> {
    const tenant = this.#tenants.get(tenantId) ?? this.#open(tenantId);
    const own = tenant.wakes.get(documentId) ?? new Set<Wake>();
    tenant.wakes.set(documentId, own.add(wake));
    await tenant.subscription;
    return async () => {
      own.delete(wake);
      if (own.size > 0) return;
      if (tenant.wakes.get(documentId) === own) tenant.wakes.delete(documentId);
      if (tenant.wakes.size > 0 || this.#tenants.get(tenantId) !== tenant) return;
      this.#tenants.delete(tenantId);
      await (await tenant.subscription)();
    };
  }

  #open(tenantId: string): Tenant {
    const wakes = new Map<string, Set<Wake>>();
    const heard = (message: string): void => {
      for (const { documentId } of readGrowths(message)) for (const wake of wakes.get(documentId) ?? []) wake();
    };
    const missed = (): void => {
      for (const own of wakes.values()) for (const wake of own) wake();
    };
    const tenant = { wakes, subscription: this.#pubsub.subscribe(growthChannel(tenantId), heard, missed) };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }
}
