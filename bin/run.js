#!/usr/bin/env node
import { bootstrap } from './bootstrap.js';
import { inRoot, main, Refusal } from './lib/layout.js';
import { runPinned } from './lib/pinned.js';

// Runs a TypeScript script of the repository on a checkout made ready: node bin/run.js scripts/verify.ts …
await main(async () => {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) throw new Refusal('usage: node bin/run.js SCRIPT [ARGUMENT …]', 2);
  await bootstrap();
  return runPinned(inRoot(script), args);
});
