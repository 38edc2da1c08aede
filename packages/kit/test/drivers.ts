import { redisMissing, startRedis, startRedisCluster } from '@candlefish/testkit/redis';
import { afterAll, beforeAll, describe } from 'vitest';
import { createRedis, type Redis } from '../redis/index.ts';

/** One way to run a contract suite: without Redis, with one server, with a cluster. */
export interface Driver {
  /** A client of its own for each node of the platform; null in-process. Closed at the end of the suite. */
  connect(): Promise<Redis | null>;
}

interface Started {
  readonly url: string;
  stop(): Promise<void>;
}

const START: Readonly<Record<string, () => Promise<Started | null>>> = {
  'in-process': async () => null,
  'single Redis': startRedis,
  'six-node cluster': startRedisCluster,
};

/** A contract is about answers, not their time: six servers of a cluster wait for two cores that do other work. */
const CONTRACT_TIMEOUT_MS = 10_000;

/** Why Redis suites are left out, or null; an error where leaving out is not allowed. */
export function whyWithoutRedis(): string | null {
  const reason = redisMissing();
  if (reason !== null && process.env['CI'] === 'true') throw new Error(reason);
  if (reason !== null) console.warn(`skipped: ${reason}`);
  return reason;
}

/** Runs the same suite against every driver this machine has. */
export function describeDrivers(what: string, suite: (driver: Driver) => void): void {
  const without = whyWithoutRedis();
  for (const [name, start] of Object.entries(START)) {
    describe.skipIf(without !== null && name !== 'in-process')(`${what}: ${name}`, () => {
      const clients: Redis[] = [];
      let server: Started | null = null;
      beforeAll(async () => {
        server = await start();
      });
      afterAll(async () => {
        await Promise.all(clients.map((client) => client.close()));
        await server?.stop();
      });
      suite({
        async connect() {
          if (server === null) return null;
          const client = await connected(server.url, CONTRACT_TIMEOUT_MS);
          clients.push(client);
          return client;
        },
      });
    });
  }
}

/** A client whose connection stands; by itself it gives up a command soon, for tests of a server that is gone. */
export async function connected(url: string, commandTimeoutMs = 1_000): Promise<Redis> {
  const client = createRedis({ url, commandTimeoutMs });
  if (!(await client.ready(5_000))) throw new Error(`no connection to ${url}`);
  return client;
}

/** Polls until the condition holds. @throws Error at the deadline, ms. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A promise and what settles it, to hold a load or a listener at a chosen point. */
export const gate = <T = void>(): PromiseWithResolvers<T> => Promise.withResolvers<T>();
