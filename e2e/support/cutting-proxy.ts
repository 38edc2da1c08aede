import { randomInt } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A TCP relay whose connections can be broken in the middle of a byte stream, as a network breaks them. */
export interface CuttingProxy extends AsyncDisposable {
  /** Address of the relay, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Breaks every connection at once, without a goodbye. Returns how many there were. */
  cut(): number;
  /** Swallows what comes from now on, new connections included: nobody is told anything. */
  partition(): void;
  /** Carries again; what was swallowed stays lost, so the connections of before are broken. */
  heal(): void;
}

/** Relays to the server at `target`, a URL with host and port. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isPartitioned = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end);
    carry(client, upstream, () => isPartitioned);
    carry(upstream, client, () => isPartitioned);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const cut = (): number => {
    const count = pairs.size;
    for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
    return count;
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    cut,
    partition() {
      isPartitioned = true;
    },
    heal() {
      isPartitioned = false;
      cut();
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      await closed;
    },
  };
}

/** Carries bytes one way, at the speed of the slower side, unless the relay swallows them. */
function carry(from: Socket, to: Socket, isSwallowed: () => boolean): void {
  from.on('data', (bytes) => {
    if (isSwallowed() || to.write(bytes)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
}

/** Between two cuts at the least: a connection must have the time to be made. */
const CUT_EVERY_MS_MIN = 5;

/**
 * Breaks every connection of a relay again and again at random moments, until it is stopped. The function gives the number
 * of broken connections.
 * @param everyMsMax Longest time between two cuts, more than 5 ms.
 */
export function cutAtRandom(proxy: Pick<CuttingProxy, 'cut'>, everyMsMax: number): () => Promise<number> {
  const stopped = new AbortController();
  let cuts = 0;
  const cutting = (async () => {
    while (!stopped.signal.aborted) {
      await pause(randomInt(CUT_EVERY_MS_MIN, everyMsMax));
      cuts += proxy.cut();
    }
  })();
  return async () => {
    stopped.abort();
    await cutting;
    return cuts;
  };
}
