import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const TELEMETRY = new URL('../telemetry/index.ts', import.meta.url).href;

/** Runs a program that writes lines to its standard output and ends in the given way. */
const program = (lines: number, end: string): string =>
  `const { createLog } = await import(${JSON.stringify(TELEMETRY)});
   const log = createLog({ level: 'info' });
   for (let n = 0; n < ${lines}; n += 1) log.info({ n }, 'line');
   ${end}`;

const run = (text: string) => spawnSync(process.execPath, ['--input-type=module', '-e', text], { timeout: 20_000 });

test.each([
  ['by itself', ''],
  ['by exit', 'process.exit(0);'],
  ['by an uncaught error', "throw new Error('end');"],
])('no line is lost when the process ends %s', (_how, end) => {
  const lines = run(program(1_000, end)).stdout.toString().trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
    Array.from({ length: 1_000 }, (_, n) => n),
  );
});

test('a line does not wait for others longer than a moment', () => {
  const end = "setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1_000);";
  expect(run(program(1, end)).stdout.toString()).toContain('"n":0');
});

test('a reader that has gone does not end the process', () => {
  const text = program(
    2_000,
    "await new Promise((resolve) => setTimeout(resolve, 300)); process.stderr.write('alive');",
  );
  const script = `"${process.execPath}" --input-type=module -e '${text.replaceAll("'", `'"'"'`)}' 2>&1 >&3 | cat`;
  const output = execFileSync('bash', ['-c', `{ ${script}; } 3> >(head -c 1 >/dev/null)`], { timeout: 20_000 });
  expect(output.toString()).toBe('alive');
});
