import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, type Options } from '@node-rs/argon2';
import type { Passwords } from '../ctx.ts';
import { preparePassword } from '../domain/password.ts';
import { HashingProcesses } from './hashing-processes.ts';

/** Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, second of its equivalent choices. */
export const MEMORY_KIB = 19_456;
const PARAMETERS = { algorithm: 2, timeCost: 2, parallelism: 1, outputLen: 32 } as const satisfies Options;

/** Each takes some 70 MB while it works. */
const PROCESSES_MAX = 8;
/** Some four seconds of work for two cores; who comes later is better told to try again. */
const WAITING_MAX = 500;
const RETRY_AFTER_MS = 5_000;

/** How a server hashes. */
export interface PasswordOptions {
  readonly memoryKib?: number;
  readonly cores?: number;
  /** Called when a hashing process ended by itself. */
  readonly onProcessEnd: (error: unknown) => void;
}

/** Makes the hasher of a server: as many hashes at once as there are cores, at most eight. */
export async function createPasswords({
  memoryKib = MEMORY_KIB,
  cores = availableParallelism(),
  onProcessEnd,
}: PasswordOptions): Promise<Passwords> {
  const parameters = { ...PARAMETERS, memoryCost: memoryKib };
  const processes = new HashingProcesses({
    processesMax: Math.min(cores, PROCESSES_MAX),
    waitingMax: WAITING_MAX,
    retryAfterMs: RETRY_AFTER_MS,
    onEnd: onProcessEnd,
  });
  // Nobody knows this password: checking against it costs what checking a real one does.
  const dummy = await hash(randomBytes(32), parameters);
  return {
    hash: async (password, signal) =>
      String(await processes.run({ kind: 'hash', password: preparePassword(password), parameters }, signal)),
    async verify(stored, password, signal) {
      const task = { kind: 'verify', password: preparePassword(password), stored: stored ?? dummy } as const;
      const matches = (await processes.run(task, signal)) === true;
      if (stored === null || !matches) return { matches: false, needsRehash: false };
      return { matches, needsRehash: hasOtherParameters(stored, memoryKib) };
    },
  };
}

const { timeCost, parallelism, outputLen } = PARAMETERS;
/** Base64 without padding. */
const TAG_CHARS = Math.ceil((outputLen * 8) / 6);

/** Compares the beginning of a hash (the PHC string format) and the length of its tag with those of today. */
const hasOtherParameters = (stored: string, memoryKib: number): boolean =>
  !stored.startsWith(`$argon2id$v=19$m=${memoryKib},t=${timeCost},p=${parallelism}$`) ||
  stored.length - stored.lastIndexOf('$') - 1 !== TAG_CHARS;
