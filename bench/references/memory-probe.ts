import { renameSync, writeFileSync } from 'node:fs';

// Loaded into a server before its own code: at SIGUSR2 it collects its garbage and writes down what its heap then holds.

const path = process.env['BENCH_MEMORY_FILE'];
if (path === undefined || globalThis.gc === undefined) throw new Error('the probe needs a file and --expose-gc');
const gc = globalThis.gc;
// Pages that the heap keeps for what may come are given back as well: what is left is what the server holds.
const collect = (): void => void gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });

process.on('SIGUSR2', () => {
  collect();
  // What the first run has let go of, finalizers give back in a later turn.
  setTimeout(() => {
    collect();
    writeFileSync(`${path}.new`, JSON.stringify({ heapBytes: process.memoryUsage().heapUsed }));
    renameSync(`${path}.new`, path);
  }, 100);
});
