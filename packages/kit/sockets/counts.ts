import type { Actor } from '../context/index.ts';
import type { LiveConnection } from './connection.ts';
import type { SocketLimits } from './types.ts';

/** Counts the connections of a service against its limits. */
export class ConnectionCounts {
  readonly limits: SocketLimits;
  #open = 0;
  #waiting = 0;
  readonly #byAddress = new Map<string, number>();
  readonly #byTenant = new Map<string, number>();
  readonly #byUser = new Map<string, number>();

  constructor(limits: SocketLimits) {
    this.limits = limits;
  }

  get open(): number {
    return this.#open;
  }
  get waiting(): number {
    return this.#waiting;
  }

  /** The HTTP status by which one more from this address is refused, or null when there is room. */
  refusal(address: string | null): 429 | 503 | null {
    const { socketsMax, waitingMax, perAddressMax } = this.limits;
    if (this.#open >= socketsMax || this.#waiting >= waitingMax) return 503;
    return (this.#byAddress.get(address ?? '') ?? 0) >= perAddressMax ? 429 : null;
  }

  opened({ clientAddress }: LiveConnection): void {
    this.#open += 1;
    this.#waiting += 1;
    add(this.#byAddress, clientAddress ?? '', 1);
  }

  /** Counts a connection for its tenant and user. @returns false, and counts nothing, when either has enough. */
  admitted(actor: Actor): boolean {
    const { perTenantMax, perUserMax } = this.limits;
    if (actor.tenantId !== null) {
      const ofTenant = this.#byTenant.get(actor.tenantId) ?? 0;
      const ofUser = this.#byUser.get(personOf(actor)) ?? 0;
      if (ofTenant >= perTenantMax || ofUser >= perUserMax) return false;
      add(this.#byTenant, actor.tenantId, 1);
      add(this.#byUser, personOf(actor), 1);
    }
    this.#waiting -= 1;
    return true;
  }

  closed({ clientAddress, knownActor }: LiveConnection): void {
    this.#open -= 1;
    add(this.#byAddress, clientAddress ?? '', -1);
    if (knownActor === null) this.#waiting -= 1;
    else if (knownActor.tenantId !== null) {
      add(this.#byTenant, knownActor.tenantId, -1);
      add(this.#byUser, personOf(knownActor), -1);
    }
  }
}

const personOf = ({ kind, id, tenantId }: Actor): string => `${tenantId} ${kind} ${id}`;

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
