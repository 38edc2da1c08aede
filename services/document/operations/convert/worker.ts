import { parentPort } from 'node:worker_threads';
import { type Conversion, convert } from './conversion.ts';

// The thread of `setup/converter.ts`: one conversion after another, each answered by what came of it.
parentPort?.on('message', async (conversion: Conversion) => {
  try {
    parentPort?.postMessage(await convert(conversion));
  } catch (error) {
    // A stack that was too small, a parser that gave up: this content is beyond it, the next one is not.
    parentPort?.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});

// Its libraries are read: the first task may come.
parentPort?.postMessage({ kind: 'ready' });
