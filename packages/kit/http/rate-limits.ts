import type { Actor } from '../context/index.ts';
import { platformErrors } from '../errors/index.ts';
import type { RateDecision, RateLimiter, RatePolicy } from '../limits/index.ts';

/** How many requests each kind of caller may make. */
export interface RatePolicies {
  // Each is an object of its own: header texts are kept by them.
  /** One API key, where the key itself names no other number. */
  readonly key: RatePolicy;
  readonly user: RatePolicy;
  /** All callers of one tenant together. */
  readonly tenant: RatePolicy;
  /** One client address (an IPv6 client: its /64) without a valid credential. */
  readonly address: RatePolicy;
}

/** What was counted for one request, as the answer tells it (draft-ietf-httpapi-ratelimit-headers-10). */
export interface RateReport {
  /** `RateLimit-Policy`. */
  readonly policy: string;
  /** `RateLimit`. */
  readonly state: string;
}

/** Counts requests and writes the headers that tell of it. */
export class RateLimits {
  readonly #limiter: RateLimiter;
  readonly #policies: RatePolicies;
  readonly #told = new Map<RatePolicy, string>();
  readonly #keyPolicies = new Map<number, RatePolicy>();

  constructor(limiter: RateLimiter, policies: RatePolicies) {
    this.#limiter = limiter;
    this.#policies = policies;
  }

  /**
   * Counts one request of a verified caller, first against its own limit and then against its tenant's, so that one
   * caller who is refused takes nothing from the others.
   * @param requestsPerHour limit of this API key; null for the default.
   * @param report called with what the headers say, also before a refusal is thrown.
   * @param cost how many requests it counts as: a batch is several.
   * @throws AppError RATE_LIMITED.
   */
  async countActor(
    actor: Actor,
    requestsPerHour: number | null,
    report: (told: RateReport) => void,
    cost = 1,
  ): Promise<void> {
    const name = actor.kind === 'api_key' ? 'key' : 'user';
    const ownPolicy = name === 'key' ? this.#keyPolicy(requestsPerHour) : this.#policies.user;
    const own = await this.#limiter.consume(`${name}:${actor.id}`, ownPolicy, Math.min(cost, ownPolicy.limit));
    if (!own.allowed || actor.tenantId === null) {
      report({ policy: this.#tell(name, ownPolicy), state: stateOf(name, own) });
      return refuse(own);
    }
    const shared = await this.#limiter.consume(
      `tenant:${actor.tenantId}`,
      this.#policies.tenant,
      Math.min(cost, this.#policies.tenant.limit),
    );
    report({
      policy: `${this.#tell(name, ownPolicy)}, ${this.#tell('tenant', this.#policies.tenant)}`,
      state: `${stateOf(name, own)}, ${stateOf('tenant', shared)}`,
    });
    refuse(shared);
  }

  /** Counts one request without a valid credential. @throws AppError RATE_LIMITED. */
  async countAddress(address: string | null, report: (told: RateReport) => void, cost = 1): Promise<void> {
    const { address: policy } = this.#policies;
    const key = `address:${networkOf(address ?? 'unknown')}`;
    const decision = await this.#limiter.consume(key, policy, Math.min(cost, policy.limit));
    report({ policy: this.#tell('address', this.#policies.address), state: stateOf('address', decision) });
    refuse(decision);
  }

  #keyPolicy(requestsPerHour: number | null): RatePolicy {
    const { key } = this.#policies;
    if (requestsPerHour === null) return key;
    let policy = this.#keyPolicies.get(requestsPerHour);
    if (policy === undefined) {
      policy = { limit: requestsPerHour, windowMs: HOUR_MS };
      if (this.#keyPolicies.size >= KEY_POLICIES_MAX) this.#forgetKeyPolicies();
      this.#keyPolicies.set(requestsPerHour, policy);
    }
    return policy;
  }

  #forgetKeyPolicies(): void {
    for (const policy of this.#keyPolicies.values()) this.#told.delete(policy);
    this.#keyPolicies.clear();
  }

  #tell(name: string, policy: RatePolicy): string {
    let text = this.#told.get(policy);
    if (text === undefined) {
      // A bucket's quota is its burst; the time it needs to fill again is its window.
      const quota = policy.burst ?? policy.limit;
      const windowS = Math.ceil((policy.windowMs * quota) / policy.limit / SECOND_MS);
      text = `"${name}";q=${quota};w=${windowS}`;
      this.#told.set(policy, text);
    }
    return text;
  }
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
/** Different limits of API keys that are kept with their header texts; a few numbers are usual. */
const KEY_POLICIES_MAX = 1_000;

const stateOf = (name: string, { remaining, resetMs }: RateDecision): string =>
  `"${name}";r=${remaining};t=${Math.ceil(resetMs / SECOND_MS)}`;

function refuse(decision: RateDecision): void {
  if (decision.allowed) return;
  throw platformErrors.rateLimited({ retryAfterMs: decision.retryAfterMs });
}

/** The network that one client has at hand: a single IPv4 address, or the /64 of an IPv6 address. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  if (tail !== undefined) {
    const rest = tail.split(':').filter((group) => group !== '');
    while (groups.length + rest.length < IPV6_GROUPS) groups.push('0');
    groups.push(...rest);
  }
  return `${groups.slice(0, IPV6_GROUPS / 2).join(':')}::/64`;
}

const IPV6_GROUPS = 8;
