import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HashingTask } from '../setup/hashing-process.ts';
import { HashingProcesses, type HashingProcessesOptions } from '../setup/hashing-processes.ts';

const NEVER = new AbortController().signal;
const isLinux = process.platform === 'linux';

let ended: unknown[];
beforeEach(() => {
  ended = [];
});
afterEach(() => {
  expect(ended).toEqual([]);
});

const processes = (options: Partial<HashingProcessesOptions> = {}) =>
  new HashingProcesses({
    processesMax: 1,
    waitingMax: 100,
    retryAfterMs: 5_000,
    onEnd: (error) => ended.push(error),
    ...options,
  });

/** Some milliseconds of work. */
const MEMORY_KIB = 4_096;
const hashing = (password: string, memoryCost = MEMORY_KIB): HashingTask => ({
  kind: 'hash',
  password,
  parameters: { algorithm: 2, timeCost: 2, parallelism: 1, memoryCost },
});
const verifying = (stored: string, password: string): HashingTask => ({ kind: 'verify', stored, password });
const outcomeOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

test('hash, and tell passwords apart; a stored hash that is none fails alone', async () => {
  const pool = processes({ processesMax: 2 });
  const stored = String(await pool.run(hashing('violet tractor'), NEVER));
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=4096,t=2,p=1\$/);
  const outcomes = await Promise.all(
    Array.from({ length: 45 }, (_, n) => {
      if (n % 3 === 0) return outcomeOf(pool.run(verifying('no hash', 'violet tractor'), NEVER));
      return pool.run(verifying(stored, n % 3 === 1 ? 'violet tractor' : 'another'), NEVER);
    }),
  );
  for (const [n, outcome] of outcomes.entries()) {
    if (n % 3 === 0) expect(outcome).toBeInstanceOf(Error);
    else expect(outcome).toBe(n % 3 === 1);
  }
});

test('turn away whoever comes when too many wait, and take up again', async () => {
  const pool = processes({ waitingMax: 2 });
  // Sixteen are at hand of the thread, two wait.
  const taken = Array.from({ length: 18 }, () => pool.run(hashing('one of many'), NEVER));
  await expect(pool.run(hashing('one too many'), NEVER)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfterMs: 5_000,
  });
  expect(new Set(await Promise.all(taken)).size).toBe(18);
  await expect(pool.run(hashing('later'), NEVER)).resolves.toContain('$argon2id$');
});

test('forget whoever leaves the queue', async () => {
  const pool = processes();
  const before = Array.from({ length: 16 }, () => pool.run(hashing('before'), NEVER));
  const leaver = new AbortController();
  const left = pool.run(hashing('left'), leaver.signal);
  const behind = pool.run(hashing('behind'), NEVER);
  leaver.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(pool.run(hashing('late'), leaver.signal)).rejects.toThrow('gone');
  await Promise.all([...before, behind]);
});

test('answer several together while many are ahead, and each at once when few are', async () => {
  const child = fork(fileURLToPath(new URL('../setup/hashing-process.ts', import.meta.url)), { execArgv: [] });
  const sizes: number[] = [];
  const all = new Promise<void>((resolve) => {
    let answered = 0;
    child.on('message', (answers: readonly unknown[]) => {
      sizes.push(answers.length);
      answered += answers.length;
      if (answered === 17) resolve();
    });
  });
  child.send(Array.from({ length: 14 }, () => hashing('one of many')));
  child.send(Array.from({ length: 3 }, () => hashing('behind them')));
  await all;
  child.disconnect();
  // The second message may be heard before or after the first answers have gone out.
  expect(sizes[0]).toBe(8);
  expect(sizes.slice(-4)).toEqual([1, 1, 1, 1]);
});

test('that end by themselves are replaced, and their tasks are answered 503', async () => {
  const pool = processes({ module: new URL('./fixtures/ending-process.ts', import.meta.url) });
  for (let round = 0; round < 2; round += 1) {
    const outcomes = await Promise.all([1, 2].map(() => outcomeOf(pool.run(hashing('lost'), NEVER))));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 'UNAVAILABLE', retryAfterMs: 5_000 });
  }
  expect(ended.map(String)).toEqual(Array(2).fill('Error: it ended with code 3'));
  ended.length = 0;
});

/** Ids of the processes that a process has started. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );

test.runIf(isLinux)(
  'give way to everything else, know no secrets, and are let go after a while without work',
  async () => {
    const others = new Set(childrenOf(process.pid));
    const own = (): readonly number[] => childrenOf(process.pid).filter((pid) => !others.has(pid));
    const pool = processes({ processesMax: 2, idleMs: 1_000 });
    await pool.run(hashing('a few need one'), NEVER);
    expect(own()).toHaveLength(1);
    await Promise.all([1, 2, 3].map(() => pool.run(hashing('more need two'), NEVER)));
    expect(own().map((pid) => getPriority(pid))).toEqual([10, 10]);
    for (const pid of own()) {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
      expect(environment.filter((entry) => !/^NODE_(?:CHANNEL_\w+|COMPILE_CACHE)=/.test(entry))).toEqual([]);
    }
    // Work in less than that time keeps them.
    for (let count = 0; count < 4; count += 1) {
      await sleep(400);
      await pool.run(hashing('at work again'), NEVER);
      expect(own()).toHaveLength(2);
    }
    await vi.waitFor(() => expect(own()).toEqual([]), { timeout: 10_000 });
    await expect(pool.run(hashing('started anew'), NEVER)).resolves.toContain('$argon2id$');
  },
);

/** Runs a program in a process group of its own; `pool` is one process, `task` takes some milliseconds. */
function program(text: string): { readonly child: ChildProcess; readonly lines: AsyncIterator<string> } {
  const module = new URL('../setup/hashing-processes.ts', import.meta.url).href;
  const whole = `
    import(${JSON.stringify(module)}).then(async ({ HashingProcesses }) => {
      const pool = new HashingProcesses({ processesMax: 1, waitingMax: 1, retryAfterMs: 1, onEnd: console.error });
      const task = ${JSON.stringify(hashing('a task'))};
      const signal = new AbortController().signal;
      ${text}
    });`;
  const child = spawn(process.execPath, ['--eval', whole], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, lines: createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]() };
}

const nextOf = async (lines: AsyncIterator<string>): Promise<unknown> => (await lines.next()).value;

test('keep the server alive while they work, and no longer', async () => {
  const { child, lines } = program('console.log(await pool.run(task, signal));');
  expect(await nextOf(lines)).toContain('$argon2id$');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

test.runIf(isLinux)('outlast a signal to stop, and not the server', async () => {
  const { child, lines } = program(`
    process.on('SIGINT', () => undefined);
    console.log(await pool.run(task, signal));
    setInterval(() => pool.run(task, signal).then(console.log), 100);`);
  expect(await nextOf(lines)).toContain('$argon2id$');
  const hashers = childrenOf(child.pid ?? 0);
  expect(hashers).toHaveLength(1);
  // What a terminal does: everybody in the foreground hears it.
  process.kill(-(child.pid ?? 0), 'SIGINT');
  for (let count = 0; count < 5; count += 1) expect(await nextOf(lines)).toContain('$argon2id$');
  expect(childrenOf(child.pid ?? 0)).toEqual(hashers);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(hashers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), { timeout: 10_000 });
});
