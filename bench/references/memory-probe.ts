import { renameSync, writeFileSync } from 'node:fs';

// Loaded into a server before its own code: at SIGUSR2 it collects its garbage and writes down what its heap then holds.

const path = process.env['BENCH_MEMORY_FILE'];
if (path === undefined || globalThis.gc === undefined) throw new Error('the probe needs a file and --expose-gc');
const collect = globalThis.gc;

process.on('SIGUSR2', () => {
  void collect();
  // What the first run has let go of, finalizers give back in a later turn.
  setTimeout(() => {
    void collect();
    writeFileSync(`${path}.new`, JSON.stringify({ heapBytes: process.memoryUsage().heapUsed }));
    renameSync(`${path}.new`, path);
  }, 100);
});
