import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from './launch.ts';

/** Restarts within the window before the server is given up: one that crashes at once would spin for ever. */
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 60_000;
/** Wait after a restart that failed. */
const RETRY_MS = 200;

/**
 * A server that is started again, on the same port and socket, when it ends unasked: killed, out of memory, crashed.
 * PostgreSQL recovers what was committed from its log. `exited` settles when it was stopped, or given up after 5
 * restarts in a minute.
 * @param start Starts the server; gets the port it must have, except the first time.
 */
export async function supervise(
  start: (port: number | undefined) => Promise<Server>,
  log: (line: string) => void,
): Promise<Server> {
  let current = await start(undefined);
  const { port } = current;
  let isStopping = false;
  let restarting: Promise<Server | null> = Promise.resolve(null);
  const restarts: number[] = [];

  /** @returns null when it is given up or was told to stop meanwhile. */
  const restart = async (): Promise<Server | null> => {
    while (!isStopping) {
      const now = performance.now();
      while ((restarts[0] ?? now) < now - RESTARTS_WINDOW_MS) restarts.shift();
      if (restarts.length >= RESTARTS_MAX) {
        log(`the database server ended ${RESTARTS_MAX} times within a minute and is given up`);
        return null;
      }
      restarts.push(now);
      log('the database server ended unasked and is started again');
      try {
        return await start(port);
      } catch (error) {
        log(`starting the database server again failed: ${error instanceof Error ? error.message : String(error)}`);
        await sleep(RETRY_MS);
      }
    }
    return null;
  };
  const watch = async (): Promise<{ readonly code: number | null }> => {
    for (;;) {
      const exit = await current.exited;
      if (isStopping) return exit;
      restarting = restart();
      const next = await restarting;
      if (next === null) return exit;
      current = next;
    }
  };
  const exited = watch();
  return {
    port,
    exited,
    async stop() {
      isStopping = true;
      await restarting;
      await current.stop();
    },
  };
}
