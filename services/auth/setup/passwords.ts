import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, type Options, verify } from '@node-rs/argon2';
import type { Passwords } from '../ctx.ts';
import { preparePassword } from '../domain/password.ts';
import { createGate } from './gate.ts';

/** Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, second of its equivalent choices. */
export const MEMORY_KIB = 19_456;
const PARAMETERS = { algorithm: 2, timeCost: 2, parallelism: 1, outputLen: 32 } as const satisfies Options;

/** libuv has four threads for all of the process; one is left for files and name look-ups. */
const HASHES_AT_ONCE_MAX = 3;
/** About ten seconds of work for two cores; who comes later is better told to try again. */
const WAITING_MAX = 500;
/** Under a rush of sign-ins, whose wait is then far longer than that of seven hashes, about 30 ms. */
const TOGETHER = 8;
const RETRY_AFTER_MS = 5_000;

/** How a process hashes. */
export interface PasswordOptions {
  readonly memoryKib?: number;
  readonly cores?: number;
}

/** Makes the hasher of a process: as many hashes at once as there are cores, at most three. */
export async function createPasswords({
  memoryKib = MEMORY_KIB,
  cores = availableParallelism(),
}: PasswordOptions = {}): Promise<Passwords> {
  const parameters = { ...PARAMETERS, memoryCost: memoryKib };
  const gate = createGate({
    runningMax: Math.min(cores, HASHES_AT_ONCE_MAX),
    waitingMax: WAITING_MAX,
    together: TOGETHER,
    waitMs: RETRY_AFTER_MS,
  });
  // Nobody knows this password: checking against it costs what checking a real one does.
  const dummy = await hash(randomBytes(32), parameters);
  return {
    hash: (password, signal) => gate.run(() => hash(preparePassword(password), parameters), signal),
    async verify(stored, password, signal) {
      const matches = await gate.run(() => verify(stored ?? dummy, preparePassword(password)), signal);
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
