import type { Redis as Connection } from 'ioredis';

/** Remembers which nodes do not answer, so that one caller pays the timeout and the others do not. */
export interface Breaker {
  isOpen(owner: string): boolean;
  /** Avoids `owner` until it answers a probe. */
  open(owner: string): void;
  /** Stops all probes. */
  close(): void;
}

const PROBE_INTERVAL_MS = 250; // a node that is back is used again this soon
const PROBES_BEFORE_RECONNECT = 3; // a half-open connection never answers again: three silent probes and a new one is made

/** @param connectionOf the connection over which a node is asked; null when the node no longer belongs to the server. */
export function createBreaker(connectionOf: (owner: string) => Connection | null): Breaker {
  const probes = new Map<string, { failed: number; timer: NodeJS.Timeout | undefined }>();

  async function probe(owner: string): Promise<void> {
    const state = probes.get(owner);
    if (state === undefined) return;
    const connection = connectionOf(owner);
    if (connection === null || (await answers(connection))) {
      probes.delete(owner);
      return;
    }
    state.failed += 1;
    if (state.failed % PROBES_BEFORE_RECONNECT === 0) connection.disconnect(true);
    schedule(owner);
  }

  function schedule(owner: string): void {
    const state = probes.get(owner);
    if (state !== undefined) state.timer = setTimeout(() => void probe(owner), PROBE_INTERVAL_MS).unref();
  }

  return {
    isOpen: (owner) => probes.size > 0 && probes.has(owner),
    open(owner) {
      if (probes.has(owner)) return;
      probes.set(owner, { failed: 0, timer: undefined });
      schedule(owner);
    },
    close() {
      for (const { timer } of probes.values()) clearTimeout(timer);
      probes.clear();
    },
  };
}

/** A refusal such as LOADING means the node is there but not yet of use, so it counts as silence. */
function answers(connection: Connection): Promise<boolean> {
  return connection.ping().then(
    () => true,
    () => false,
  );
}
