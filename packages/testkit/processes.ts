import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '@candlefish/kit/config';

const MAIN = fileURLToPath(new URL('../../apps/server/main.ts', import.meta.url));

/** From the start of the process to its line of addresses, on a machine that does other work beside it. */
const READY_MAX_MS = 30_000;
/** A command that takes longer hangs. */
const COMMAND_MAX_MS = 30_000;
/** From the signal to the end of the process; the drain itself is bounded far below. */
const END_MAX_MS = 20_000;
/** Bytes kept of each output stream; a process that writes more is wrong in a way that the beginning shows. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/** How a process ended: by a code or by a signal. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a finished command left. */
export interface CommandResult extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/** The line that `--json` prints once everything listens. */
export interface ReadyLine {
  readonly url: string;
  readonly adminUrl: string;
  readonly services: readonly string[];
  readonly demo: { readonly email: string; readonly password: string; readonly tenantId: string } | null;
}

/** A `candlefish` process of its own. */
export interface CandlefishProcess extends AsyncDisposable {
  readonly pid: number;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when the process is gone. */
  readonly ended: Promise<ProcessEnd>;
  /** Resolves with the line of addresses; log lines may stand before it. @throws Error with the output when the process ends before, or after 30 s. */
  ready(): Promise<ReadyLine>;
  /** Resolves when the output holds the text. @throws Error with the output when the process ends before, or after 30 s. */
  wrote(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and waits. @throws Error with the output when it does not end in 20 s; it is killed then. */
  stop(): Promise<ProcessEnd>;
  /** `kill -9`, and waits. */
  kill(): Promise<void>;
}

/** How a process is started. */
export interface ProcessOptions {
  /** Set over an environment that holds nothing but PATH, HOME and where compiled code is kept. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts `candlefish ARGUMENTS` from the sources with the runtime of this process. It dies with this process. */
export function startCandlefish(args: readonly string[], options: ProcessOptions = {}): CandlefishProcess {
  return new Running(launch(args, options));
}

/** Runs `candlefish ARGUMENTS` to its end. @throws Error with the output when it takes longer than 30 s. */
export async function runCandlefish(args: readonly string[], options: ProcessOptions = {}): Promise<CommandResult> {
  const running = new Running(launch(args, options));
  const end = await within(running.ended, COMMAND_MAX_MS);
  if (end === 'late') {
    await running.kill();
    throw new Error(`candlefish ${args.join(' ')} did not end within ${COMMAND_MAX_MS} ms\n${running.output()}`);
  }
  return { ...end, stdout: running.stdout(), stderr: running.stderr() };
}

class Running implements CandlefishProcess {
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #written = { stdout: '', stderr: '' };
  #wake: () => void = () => undefined;

  constructor(child: ChildProcess) {
    if (child.pid === undefined) throw new Error('the process could not be started');
    this.pid = child.pid;
    this.#child = child;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        if (this.#written[name].length < OUTPUT_BYTES_MAX) this.#written[name] += text;
        this.#wake();
      });
    }
    // `close` comes after the last output.
    this.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  }

  stdout(): string {
    return this.#written.stdout;
  }
  stderr(): string {
    return this.#written.stderr;
  }
  output(): string {
    return `--- stdout\n${this.stdout()}\n--- stderr\n${this.stderr()}`;
  }

  ready(): Promise<ReadyLine> {
    return this.#found('its addresses', () => {
      const line = this.stdout()
        .split('\n')
        .slice(0, -1)
        .find((text) => text.startsWith('{') && text.includes('"adminUrl"'));
      return line === undefined ? null : (JSON.parse(line) as ReadyLine);
    });
  }

  async wrote(text: string): Promise<void> {
    await this.#found(text, () => (this.output().includes(text) ? true : null));
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async stop(): Promise<ProcessEnd> {
    this.signal('SIGTERM');
    const end = await within(this.ended, END_MAX_MS);
    if (end !== 'late') return end;
    await this.kill();
    throw new Error(`the process did not end within ${END_MAX_MS} ms of SIGTERM\n${this.output()}`);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.stop();
  }

  async #found<T>(what: string, look: () => T | null): Promise<T> {
    const deadline = AbortSignal.timeout(READY_MAX_MS);
    const gone = this.ended.then(() => 'gone' as const);
    const late = new Promise<'late'>((resolve) => deadline.addEventListener('abort', () => resolve('late')));
    for (;;) {
      const found = look();
      if (found !== null) return found;
      const more = new Promise<'more'>((resolve) => {
        this.#wake = () => resolve('more');
      });
      const next = await Promise.race([more, gone, late]);
      if (next === 'more') continue;
      const last = look();
      if (last !== null) return last;
      throw new Error(`the process ${next === 'gone' ? 'ended' : 'ran on'} without writing ${what}\n${this.output()}`);
    }
  }
}

function launch(args: readonly string[], { environment = {}, cwd }: ProcessOptions): ChildProcess {
  // Compiled code is kept between starts, as it is for who starts the platform with npm.
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = processEnvironment();
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }), ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const killWithParent = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithParent);
  child.once('exit', () => process.off('exit', killWithParent));
  return child;
}

async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, limitMs, 'late');
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
