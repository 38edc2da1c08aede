import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { processEnvironment } from '@candlefish/kit/config';
import { sharedNetwork } from '@candlefish/testkit/network';
import { expect, test } from 'vitest';

/** One shell block of the tour and the parts of its output that the text promises. */
interface Block {
  readonly script: string;
  readonly promises: readonly string[];
}

const README = new URL('../../README.md', import.meta.url);
const TOUR_TIMEOUT_MS = 45_000;
/** Answers of a tour are a few kilobytes each. */
const OUTPUT_BYTES_MAX = 1_000_000;
/** Parts the output of one block from the next; no answer holds it. */
const MARK = '=== end of block ===';

/** The ```bash blocks of the README, which are the tour. */
function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, script = '']) => ({
    script,
    promises: [...script.matchAll(/^# → (.+)$/gm)].map(([, promise = '']) => promise),
  }));
}

/** Runs the blocks in one shell, as somebody who pastes them does. @returns the output of each. */
function run(blocks: readonly Block[], url: string): Promise<readonly string[]> {
  const script = ['set -euo pipefail', ...blocks.map((block) => `${block.script}\necho; echo '${MARK}'`)].join('\n');
  const options = {
    env: { PATH: processEnvironment()['PATH'] ?? '', API: url },
    timeout: TOUR_TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
  };
  return new Promise((resolve, reject) => {
    execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.split(MARK).slice(0, -1));
      else reject(new Error(`the tour ended with ${error.code ?? error.signal}: ${stderr}\n${stdout}`));
    });
  });
}

test('the tour of the README works as typed', async () => {
  const blocks = blocksOf(await readFile(README, 'utf8'));
  expect(blocks.length).toBeGreaterThanOrEqual(8);
  const network = await sharedNetwork();
  const outputs = await run(blocks, network.url);
  for (const [index, { script, promises }] of blocks.entries()) {
    expect(promises.length, `block ${index + 1} promises nothing:\n${script}`).toBeGreaterThan(0);
    for (const promise of promises) expect(outputs[index]).toContain(promise);
  }
});
