import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { isReachable, type ServerAccount } from './account.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** initdb takes under a second on a laptop; a slow disk may need a minute, a hung one must end. */
const PROGRAM_MAX_MS = 120_000;
/** What a program prints before it fails fits many times; more is noise. */
const OUTPUT_CHARS_MAX = 16_000;
/** The first descriptor after stdin, stdout and stderr. */
const FOLDER_DESCRIPTOR = 3;

/** A folder as a program that runs under another account can name it. */
export interface FolderAccess {
  /** For `-D`. */
  readonly argument: string;
  /** Open descriptors to hand on after stderr; empty when the path itself can be entered. */
  readonly descriptors: readonly number[];
  close(): void;
}

/**
 * Lets a program under `account` use `folder` even below a folder that only root may enter: the program inherits the opened
 * folder and names it through /proc/self/fd, which passes by the parents (Linux).
 * @throws EmbeddedPostgresError NOT_PERMITTED where that is needed and not possible.
 */
export async function openFolder(folder: string, account: ServerAccount | undefined): Promise<FolderAccess> {
  if (account === undefined || (await isReachable(folder, account))) {
    return { argument: folder, descriptors: [], close: () => undefined };
  }
  if (process.platform !== 'linux') {
    throw new EmbeddedPostgresError(
      'NOT_PERMITTED',
      `${folder} lies below a folder that the database's account (uid ${account.uid}) may not enter: start as an ordinary user, or choose another data folder.`,
    );
  }
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return {
    argument: `/proc/self/fd/${FOLDER_DESCRIPTOR}`,
    descriptors: [descriptor],
    close: () => closeSync(descriptor),
  };
}

/** Environment of every PostgreSQL program: nothing of ours, and messages in English, since they are matched. */
export function programEnv(): NodeJS.ProcessEnv {
  // LC_ALL also keeps macOS from starting a thread in the postmaster, which it refuses to run with.
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Runs a program to its end, which is also waited for when it is given up: it writes until then. Rejects with what it printed
 * when it fails.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly account: ServerAccount | undefined;
    readonly descriptors: readonly number[];
    readonly input?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  throwIfAborted(options.signal);
  const child = spawn(program, args, {
    cwd: '/',
    env: programEnv(),
    stdio: ['pipe', 'pipe', 'pipe', ...options.descriptors],
    ...(options.account ?? {}),
  });
  // Not the options of spawn: the timer would outlive a program that could not be started, the signal not wait for its end.
  const timer = setTimeout(() => child.kill('SIGKILL'), PROGRAM_MAX_MS);
  const onAbort = (): boolean => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', onAbort);
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  // A program that ends before it read its input is judged by its exit code.
  child.stdin?.on('error', (error) => collect(Buffer.from(`${error.message}\n`)));
  child.stdin?.end(options.input ?? '');
  try {
    const how = await ended(program, child);
    throwIfAborted(options.signal);
    if (how !== 0) throw new Error(`${program} ended with ${how}\n${output.trim()}`);
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** Refuses to go on with a start that was given up. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EmbeddedPostgresError('ABORTED', 'The start was given up');
}

function ended(program: string, child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(startFault(program, error)));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}

/** A present program that "does not exist" lacks its loader: these are built for glibc. */
export function startFault(program: string, error: Error): Error {
  if (!('code' in error) || error.code !== 'ENOENT') return error;
  return new EmbeddedPostgresError(
    'UNSUPPORTED_PLATFORM',
    `${program} cannot run on this system (it needs glibc). Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    { cause: error },
  );
}
