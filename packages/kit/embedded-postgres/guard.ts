import { spawn } from 'node:child_process';
import type { ServerAccount } from './account.ts';
import { programEnv } from './run-program.ts';

/** Waits for the end of its input, which comes when this process is gone, and asks the server for a fast shutdown. */
const SCRIPT = 'read -r _; kill -INT "$1"';

/** A small process that outlives this one. */
export interface Guard {
  /** Ends the guard; to be called as soon as the server is gone, before its id can be another process's. */
  dismiss(): void;
}

/** Starts a process that ends the server when this process is killed outright and can do nothing itself. */
export function startGuard(serverPid: number, account: ServerAccount | undefined, log: (line: string) => void): Guard {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'candlefish-postgres-guard', String(serverPid)], {
    cwd: '/',
    env: programEnv(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...(account ?? {}),
  });
  // Without a shell nothing guards; the next start then ends the server that was left.
  child.once('error', (error) => log(`no guard for the database server: ${error.message}`));
  child.unref();
  return {
    dismiss: () => {
      child.kill('SIGKILL');
    },
  };
}
