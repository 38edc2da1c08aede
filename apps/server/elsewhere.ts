import type { PlatformServiceStatus } from '@candlefish/kit/lifecycle';

/** How often the other processes are asked, and the longest wait for an answer: a failure shows within three seconds. */
const ASK_EVERY_MS = 2_000;
const ANSWER_MAX_MS = 1_000;

/** The services that run in other processes, as far as those answer. */
export interface Elsewhere {
  statuses(): readonly PlatformServiceStatus[];
  close(): void;
}

/** Asks the public `/health` of every process in SERVICE_URLS, again and again. */
export function watchElsewhere(addresses: ReadonlyMap<string, URL>): Elsewhere {
  const answering = new Set<string>();
  const closing = new AbortController();
  const ask = async (name: string, address: URL): Promise<void> => {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MAX_MS)]);
    const isWell = await fetch(new URL('/health', address), { signal }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    if (isWell) answering.add(name);
    else answering.delete(name);
  };
  const askAll = (): void => {
    for (const [name, address] of addresses) void ask(name, address);
  };
  askAll();
  const timer = setInterval(askAll, ASK_EVERY_MS);
  timer.unref();
  return {
    statuses: () =>
      [...addresses.keys()].map((name) => ({ name, state: answering.has(name) ? 'running' : 'unreachable' })),
    close() {
      clearInterval(timer);
      closing.abort(new Error('the process stops'));
    },
  };
}
