import { platformErrors } from '@candlefish/kit/errors';
import { hash, type Options, verify } from '@node-rs/argon2';

/** Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, second of its equivalent choices. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;

/** Hashes at work or waiting for a thread; more would keep files and name look-ups waiting behind them. */
const HASHES_AT_ONCE_MAX = 8;
const RETRY_AFTER_MS = 2_000;

/** Hashes the passwords of share links off the main thread. */
export interface LinkPasswords {
  /** @throws AppError UNAVAILABLE when too many hashes are being made. */
  hash(password: string): Promise<string>;
  /** @throws AppError UNAVAILABLE when too many hashes are being made. */
  matches(stored: string, password: string): Promise<boolean>;
}

/** Makes the hasher of a process. */
export function createLinkPasswords(): LinkPasswords {
  let working = 0;
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (working >= HASHES_AT_ONCE_MAX) throw platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS });
    working += 1;
    try {
      return await work();
    } finally {
      working -= 1;
    }
  };
  return {
    // Different keyboards compose the same characters differently.
    hash: (password) => bounded(() => hash(password.normalize('NFC'), PARAMETERS)),
    matches: (stored, password) => bounded(() => verify(stored, password.normalize('NFC'))),
  };
}
