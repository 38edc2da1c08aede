import { availableParallelism } from 'node:os';
import { hash } from '@node-rs/argon2';
import { HashingProcesses } from '../../services/auth/setup/hashing-processes.ts';
import { answerSlices } from './closed-loop.ts';

// The platform's own hashing processes, verifying one password over and over: what is left of them when nothing else is to do.

/** As many as sign in at once: enough that no process ever waits for a task. */
const IN_FLIGHT = 32;
const PASSWORD = 'a password of usual length';

const stored = await hash(PASSWORD, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const processes = new HashingProcesses({
  processesMax: availableParallelism(),
  waitingMax: IN_FLIGHT,
  retryAfterMs: 0,
  onEnd: (error) => {
    throw error;
  },
});
const { signal } = new AbortController();

answerSlices(
  async () => {
    if ((await processes.run({ kind: 'verify', stored, password: PASSWORD }, signal)) !== true) {
      throw new Error('the password was not recognised');
    }
  },
  IN_FLIGHT,
  false,
);
