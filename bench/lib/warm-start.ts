import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** `npm start` on a data folder of its own, which has been started before. */
export interface WarmStart {
  /** Starts it and says how long that took, from the command to the line that gives the addresses. */
  start(): Promise<{ readonly server: ServerProcess; readonly startedInMs: number }>;
  /** Removes the data. */
  remove(): Promise<void>;
}

/** Makes the data folder, the demo tenant and whatever else a first start makes. */
export async function prepareWarmStart(): Promise<WarmStart> {
  // A server account must reach the folder, so it lies where everybody may pass.
  const folder = await mkdtemp(join(tmpdir(), 'candlefish-start-'));
  const start = async (): Promise<{ readonly server: ServerProcess; readonly startedInMs: number }> => {
    const began = performance.now();
    const server = await startServerProcess({
      name: 'npm start',
      program: 'npm',
      args: ['start', '--silent', '--', '--json', '--port', '0', '--admin-port', '0', '--data', folder],
    });
    return { server, startedInMs: performance.now() - began };
  };
  const first = await start();
  await first.server.stop();
  return { start, remove: () => rm(folder, { recursive: true, force: true }) };
}
