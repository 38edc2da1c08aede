#!/usr/bin/env node
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootstrap } from './bootstrap.js';
import { inRoot, main } from './lib/layout.js';
import { runPinned } from './lib/pinned.js';
import { ensureTestServers, serverPath } from './lib/test-servers.js';

await main(async () => {
  await bootstrap();
  ensureTestServers();
  const dir = await mkdtemp(path.join(tmpdir(), 'candlefish-test-'));
  try {
    const file = path.join(dir, 'summary.json');
    process.env.PATH = serverPath();
    const code = await runPinned(inRoot('node_modules', 'vitest', 'vitest.mjs'), vitestArguments(), {
      env: { CANDLEFISH_TEST_SUMMARY: file },
    });
    return report(code, await readSummary(file));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

function vitestArguments() {
  const reporters = ['--reporter=default', `--reporter=${inRoot('bin', 'lib', 'count-reporter.js')}`];
  return ['run', '--root', inRoot(), ...reporters, ...process.argv.slice(2)];
}

/** A run that ended before it could count is a failure, and is counted as one. */
async function readSummary(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    process.stderr.write(`the test run gave no result: ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

/** Prints the skipped tests and, as the last line, the counts; answers the exit code. */
function report(vitestCode, { passed, failed, skipped }) {
  const faults = [];
  if (passed + failed === 0) faults.push('no test ran');
  if (skipped.length > 0 && process.env.CI === 'true') faults.push('a skipped test is a failure where CI=true');
  for (const { test, reason } of skipped) console.log(`skipped: ${test}: ${reason}`);
  for (const fault of faults) console.log(fault);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  if (vitestCode !== 0) return vitestCode;
  return failed > 0 || faults.length > 0 ? 1 : 0;
}
