import { spawn } from 'node:child_process';
import type { ServerAccount } from './account.ts';
import { programEnv } from './run-program.ts';

/**
 * Waits for the end of its input, which comes when this process is gone, asks the server ($1) for a fast shutdown, and removes
 * the folder of its sockets ($2) once it is gone, within 15 s.
 */
const SCRIPT = `read -r _
kill -INT "$1"
n=0
while [ $n -lt 150 ] && kill -0 "$1" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
rmdir "$2"`;

/** A small process that outlives this one. */
export interface Guard {
  /** Ends the guard; to be called as soon as the server is gone, before its id can be another process's. */
  dismiss(): void;
}

/** Starts a process that ends the server when this process is killed outright and can do nothing itself. */
export function startGuard(
  serverPid: number,
  socketDir: string,
  account: ServerAccount | undefined,
  log: (line: string) => void,
): Guard {
  const args = ['-c', SCRIPT, 'candlefish-postgres-guard', String(serverPid), socketDir];
  const child = spawn('/bin/sh', args, {
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
