import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

/** A check that runs as a process of its own. */
export interface Step {
  readonly name: string;
  /** Script or tool for this Node, with its arguments; paths are relative to the repository's root. */
  readonly command: readonly string[];
}

/** How a step ended. */
export interface StepResult {
  readonly name: string;
  readonly isOk: boolean;
  readonly durationMs: number;
  /** What the step printed, both streams in order, at most `OUTPUT_CHARS_MAX` characters of it. */
  readonly output: string;
}

/** The first findings matter; a step that goes on printing is cut here. */
const OUTPUT_CHARS_MAX = 64_000;

/** The whole check is to stay below a minute, so a step that takes longer hangs. */
const STEP_TIMEOUT_MS = 120_000;

/** More at once than cores makes every step slower and none earlier. */
const STEPS_AT_ONCE_MAX = Math.max(2, cpus().length);

/**
 * Runs all steps, as many at once as there are cores, in the given order (put the long ones first). A failing step stops
 * no other. `onResult` is called as each one ends.
 */
export async function runSteps(
  root: string,
  steps: readonly Step[],
  onResult: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(root, step);
      results.push(result);
      onResult(result);
    }
  };
  await Promise.all(Array.from({ length: STEPS_AT_ONCE_MAX }, work));
  return results;
}

/** Runs one step; a step that cannot start, is killed or outlives its time limit has failed. */
export async function runStep(root: string, step: Step, timeoutMs: number = STEP_TIMEOUT_MS): Promise<StepResult> {
  const startedAt = performance.now();
  let output = '';
  const keep = (chunk: string) => {
    output = (output + chunk).slice(0, OUTPUT_CHARS_MAX);
  };
  const child = spawn(process.execPath, step.command, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const isOk = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      resolve(false);
    });
    child.on('close', (code, signal) => {
      if (signal !== null) keep(`ended by ${signal} after ${Math.round(performance.now() - startedAt)} ms\n`);
      resolve(code === 0);
    });
  });
  return { name: step.name, isOk, durationMs: performance.now() - startedAt, output };
}
