import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerAccount } from './account.ts';
import { EmbeddedPostgresError, explain } from './errors.ts';
import { startGuard } from './guard.ts';
import { FAST_STOP_MAX_MS, IMMEDIATE_STOP_MAX_MS, readPostmasterFile } from './postmaster.ts';
import { type FolderAccess, programEnv, startFault } from './run-program.ts';

/** Replaying a gigabyte of log after a crash can take a minute; a start that hangs must end. */
const READY_MAX_MS = 120_000;
/** A free port may be taken between choosing and binding it; that five in a row are is no accident. */
const PORT_TRIES_MAX = 5;
/** Backends of a killed server notice its end within moments, and hold its shared memory until then. */
const SHARED_MEMORY_TRIES_MAX = 50;
const SHARED_MEMORY_RETRY_MS = 100;
const READY_POLL_MS = 5;
/** Enough to explain a failed start. */
const TAIL_LINES_MAX = 30;
/** The log ends with the last backend, which a busy statement can keep for long after a crash. */
const LAST_LINES_MAX_MS = 500;
const LINE_CHARS_MAX = 4_000;

const PORT_TAKEN = /could not create any TCP\/IP sockets|address already in use/i;
const STILL_ATTACHED = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/i;

/** What launching a server needs to know. */
export interface LaunchOptions {
  readonly postgres: string;
  readonly clusterDir: string;
  readonly access: FolderAccess;
  readonly account: ServerAccount | undefined;
  readonly socketDir: string;
  readonly settings: Readonly<Record<string, string>>;
  /** The port it must have; undefined takes a free one. */
  readonly port: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** A running server that accepts connections. */
export interface Server {
  readonly port: number;
  readonly exited: Promise<{ readonly code: number | null }>;
  stop(): Promise<void>;
}

interface Attempt {
  readonly child: ChildProcess;
  readonly exited: Promise<{ readonly code: number | null }>;
  readonly tail: readonly string[];
}

/** Starts the server and waits until it accepts connections; tries again where the hindrance passes by itself. */
export async function launch(options: LaunchOptions): Promise<Server> {
  let portTries = 0;
  let memoryTries = 0;
  for (;;) {
    const port = options.port ?? (await freePort());
    const attempt = await spawnServer(options, port);
    const outcome = await untilReadyOrGone(options, attempt);
    if (outcome === 'ready') {
      return { port, exited: attempt.exited, stop: once(() => stopServer(attempt, options.log)) };
    }
    if (outcome !== 'gone') {
      await stopServer(attempt, options.log);
      throw outcome;
    }
    const output = attempt.tail.join('\n');
    if (PORT_TAKEN.test(output) && ++portTries < PORT_TRIES_MAX) {
      // Connections of the server before may hold a fixed port for a moment.
      if (options.port !== undefined) await sleep(SHARED_MEMORY_RETRY_MS);
      continue;
    }
    if (STILL_ATTACHED.test(output) && ++memoryTries < SHARED_MEMORY_TRIES_MAX) {
      await sleep(SHARED_MEMORY_RETRY_MS);
      continue;
    }
    throw explain(`Starting the database in ${options.clusterDir}`, output);
  }
}

/**
 * How glibc serves a backend (mallopt(3)). By its own measure it gives everything over 128 KiB back to the system when a
 * statement has ended, and the next one maps it anew: the same few pages, at every statement, for more than the statement
 * itself costs on a virtual machine. A backend keeps up to 4 MiB instead, and grows by 1 MiB.
 */
const ALLOCATOR = {
  MALLOC_TRIM_THRESHOLD_: '4194304',
  MALLOC_TOP_PAD_: '1048576',
  MALLOC_MMAP_THRESHOLD_: '1048576',
} as const;

async function spawnServer(options: LaunchOptions, port: number): Promise<Attempt> {
  const child = spawn(options.postgres, serverArguments(options, port), {
    cwd: '/',
    env: { ...programEnv(), ...ALLOCATOR },
    stdio: ['ignore', 'ignore', 'pipe', ...options.access.descriptors],
    // Its own group: Ctrl-C in the terminal must reach the platform, which then stops the database last.
    detached: true,
    ...(options.account ?? {}),
  });
  const tail: string[] = [];
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (text) => {
      const line = text.slice(0, LINE_CHARS_MAX);
      tail.push(line);
      if (tail.length > TAIL_LINES_MAX) tail.shift();
      options.log(line);
    });
  }
  const exited = new Promise<{ readonly code: number | null }>((resolve) => {
    child.once('exit', (code) => {
      const late = setTimeout(() => resolve({ code }), LAST_LINES_MAX_MS);
      child.once('close', () => {
        clearTimeout(late);
        resolve({ code });
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(startFault(options.postgres, error)));
  });
  guardAgainstOwnDeath(child, options);
  return { child, exited, tail };
}

/** Ends the server with this process, however this process ends. */
function guardAgainstOwnDeath(child: ChildProcess, options: LaunchOptions): void {
  const { pid } = child;
  if (pid === undefined) return;
  const onExit = (): void => {
    child.kill('SIGINT');
  };
  process.once('exit', onExit);
  const guard = startGuard(pid, options.socketDir, options.account, options.log);
  child.once('exit', () => {
    guard.dismiss();
    process.off('exit', onExit);
  });
}

/** Command-line settings win over whatever the files of the cluster say. */
function serverArguments(options: LaunchOptions, port: number): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    ...options.settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: options.socketDir,
    unix_socket_permissions: '0700',
  };
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', options.access.argument, ...pairs];
}

async function untilReadyOrGone(
  options: LaunchOptions,
  attempt: Attempt,
): Promise<'ready' | 'gone' | EmbeddedPostgresError> {
  let isGone = false;
  void attempt.exited.then(() => {
    isGone = true;
  });
  for (const deadline = Date.now() + READY_MAX_MS; Date.now() < deadline; ) {
    if (isGone) return 'gone';
    if (options.signal?.aborted === true) {
      return new EmbeddedPostgresError('ABORTED', 'The start was given up');
    }
    const file = await readPostmasterFile(options.clusterDir);
    if (file?.isReady === true && file.pid === attempt.child.pid) return 'ready';
    await sleep(READY_POLL_MS);
  }
  return new EmbeddedPostgresError(
    'START_TIMEOUT',
    `The database in ${options.clusterDir} did not get ready within ${READY_MAX_MS / 1_000} s:\n${attempt.tail.join('\n')}`,
  );
}

/** Fast shutdown (clients are cut off, everything is written), then the rougher ones for a server that hangs. */
async function stopServer(attempt: Attempt, log: (line: string) => void): Promise<void> {
  const steps = [
    { signal: 'SIGINT', maxMs: FAST_STOP_MAX_MS },
    { signal: 'SIGQUIT', maxMs: IMMEDIATE_STOP_MAX_MS },
    { signal: 'SIGKILL', maxMs: IMMEDIATE_STOP_MAX_MS },
  ] as const;
  for (const { signal, maxMs } of steps) {
    attempt.child.kill(signal);
    const timer = new AbortController();
    const isLate = sleep(maxMs, true, { signal: timer.signal }).catch(() => true);
    const outcome = await Promise.race([attempt.exited, isLate]);
    timer.abort();
    if (outcome !== true) return;
    log(`the database server did not stop within ${maxMs / 1_000} s of ${signal}`);
  }
  throw new Error(`the database server ${attempt.child.pid} cannot be stopped`);
}

/** A port nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}
