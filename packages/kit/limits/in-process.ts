import { LRUCache } from 'lru-cache';
import { useBucket } from './bucket.ts';
import { checkRate, type RateLimiter, type RatePolicy, rateName, stepMsOf } from './types.ts';
import { emptyWindow, useWindow, type WindowState } from './window.ts';

/** How the in-process driver is made. */
export interface InProcessRateLimiterOptions {
  /** Keys remembered at once, default 50 000 (about 10 MB); beyond it the key unused for longest starts afresh. */
  readonly keysMax?: number;
  /** A clock in ms that never jumps; default the process's own. */
  readonly now?: () => number;
}

const KEYS_MAX = 50_000;

type State = { kind: 'window'; window: WindowState } | { kind: 'bucket'; fullAtMs: number };

/** Counts in this process alone. */
export function createInProcessRateLimiter(options: InProcessRateLimiterOptions = {}): RateLimiter {
  const now = options.now ?? (() => performance.now());
  const states = new LRUCache<string, State>({ max: options.keysMax ?? KEYS_MAX });

  function remember<S extends State>(name: string, kind: S['kind'], fresh: () => S): S {
    const found = states.get(name);
    if (found?.kind === kind) return found as S;
    const made = fresh();
    states.set(name, made);
    return made;
  }

  return {
    async consume(key: string, policy: RatePolicy, cost = 1) {
      checkRate(policy, cost);
      const name = rateName(key, policy);
      if (policy.burst === undefined) {
        const stepMs = stepMsOf(policy);
        const { window } = remember(name, 'window', () => ({ kind: 'window' as const, window: emptyWindow() }));
        return useWindow(window, policy.limit, cost, stepMs, Math.ceil(policy.windowMs / stepMs), now());
      }
      const state = remember(name, 'bucket', () => ({ kind: 'bucket' as const, fullAtMs: 0 }));
      const use = useBucket(state.fullAtMs, policy.burst, cost, policy.windowMs / policy.limit, now());
      state.fullAtMs = use.fullAtMs;
      return use.decision;
    },
  };
}
