import { type BenchDatabase, startBenchDatabase } from './database.ts';
import { type ServerCommand, type ServerProcess, startServerProcess } from './server-process.ts';

/** The database and the processes of one row; all of them end with it. */
export interface Scene {
  readonly database: BenchDatabase;
  /** Starts a process that ends with the scene. */
  start(command: ServerCommand): Promise<ServerProcess>;
  /** Takes over processes that were started elsewhere. */
  adopt<P extends { stop(): Promise<void> }>(processes: readonly P[]): readonly P[];
}

/** Runs `work` with a database of its own and stops everything after it, whatever happened. */
export async function withScene<T>(work: (scene: Scene) => Promise<T>): Promise<T> {
  const database = await startBenchDatabase();
  const started: { stop(): Promise<void> }[] = [];
  try {
    return await work({
      database,
      async start(command) {
        const process = await startServerProcess(command);
        started.push(process);
        return process;
      },
      adopt(processes) {
        started.push(...processes);
        return processes;
      },
    });
  } finally {
    await Promise.all(started.map((process) => process.stop()));
    await database.stop();
  }
}
