import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithParent } from './children.ts';
import { descendantsOf, isRunning } from './usage.ts';

/** A server that runs in a process of its own. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** The `url` of what it said. */
  readonly origin: string;
  stop(): Promise<void>;
}

const READY_MAX_MS = 60_000;
const STOP_MAX_MS = 15_000;
const STOP_POLL_MS = 20;
/** Of what a process prints, the end is kept for the message of its failure. */
const OUTPUT_CHARS_MAX = 20_000;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** How to start one. */
export interface ServerCommand {
  readonly name: string;
  /** Default: the Node that runs this. */
  readonly program?: string;
  /** For Node, a file of the repository and its arguments. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Reads the line that says ready. Default: a line of JSON with a `url`. */
  readonly readyOf?: (line: string) => Readonly<Record<string, unknown>> | null;
}

/** The reference server in `bench/references/FILE`, given its settings as JSON. */
export const referenceCommand = (name: string, file: string, settings: object): ServerCommand => ({
  name,
  args: [fileURLToPath(new URL(`../references/${file}`, import.meta.url)), JSON.stringify(settings)],
});

/** Starts a process and waits until it says that it is ready. @throws Error with what it printed when it does not. */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const { name, program = process.execPath, args, environment = {}, readyOf = readJsonLine } = command;
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithParent(child);
  const ready = await whenReady(child, name, readyOf);
  if (child.pid === undefined) throw new Error(`${name} has no process`);
  return { name, pid: child.pid, ready, origin: String(ready['url'] ?? ''), stop: () => stop(child) };
}

function readJsonLine(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  const value = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return typeof value['url'] === 'string' ? value : null;
}

function whenReady(
  child: ChildProcess,
  name: string,
  readyOf: (line: string) => Readonly<Record<string, unknown>> | null,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    let output = '';
    let rest = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${name} ${why}:\n${output}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_MAX_MS} ms`), READY_MAX_MS);
    const keep = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-OUTPUT_CHARS_MAX);
    };
    child.stderr?.on('data', keep);
    const read = (chunk: Buffer): void => {
      keep(chunk);
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      const ready = lines.map(readyOf).find((found) => found !== null);
      if (ready === undefined || ready === null) return;
      clearTimeout(timer);
      // From here on its output is only drained: reading every line of a server's log would load the machine under measurement.
      child.stdout?.off('data', read).resume();
      resolve(ready);
    };
    child.stdout?.on('data', read);
    child.once('exit', (code, signal) => fail(`ended (${code ?? signal}) before it was ready`));
    child.once('error', (error) => fail(error.message));
  });
}

/** Asks the process to stop and waits until it and everything it started are gone: a launcher may leave before its server. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const family = [child.pid, ...descendantsOf(child.pid)];
  child.kill('SIGTERM');
  const deadline = performance.now() + STOP_MAX_MS;
  while (family.some(isRunning)) {
    if (performance.now() > deadline) for (const pid of family.filter(isRunning)) process.kill(pid, 'SIGKILL');
    await sleep(STOP_POLL_MS);
  }
}
