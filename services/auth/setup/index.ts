import { randomBytes } from 'node:crypto';
import { type ConfigOf, int } from '@candlefish/kit/config';
import { identityConfig } from '@candlefish/kit/identity';
import type { SetupParts } from '@candlefish/kit/service';
import type { AuthService } from '../ctx.ts';
import { ensureSigningKey, loadSigningKeys } from '../operations/signing-keys.ts';
import { noteKeyUses } from '../operations/verify-api-key.ts';
import { createKeyUses, FLUSH_MS } from './key-uses.ts';
import { createPasswords, MEMORY_KIB } from './passwords.ts';
import { createRefreshTokens } from './refresh-tokens.ts';
import { createSigningKeys } from './signing-keys.ts';

/** Settings of this service. */
export const config = {
  ...identityConfig,
  loginTriesPerMinute: int('AUTH_LOGIN_TRIES_PER_MINUTE', {
    default: 10,
    min: 1,
    max: 100_000,
    doc: 'Tries at one account per minute; those from networks where it has signed in before are counted apart.',
  }),
  loginTriesPerAddressPerMinute: int('AUTH_LOGIN_TRIES_PER_ADDRESS_PER_MINUTE', {
    default: 300,
    min: 1,
    max: 1_000_000,
    doc: 'Sign-ins tried from one network per minute, whatever the account.',
  }),
  signupsPerAddressPerHour: int('AUTH_SIGNUPS_PER_ADDRESS_PER_HOUR', {
    default: 100,
    min: 1,
    max: 1_000_000,
    doc: 'Sign-ups from one network per hour.',
  }),
  passwordMemoryKib: int('AUTH_PASSWORD_MEMORY_KIB', {
    default: MEMORY_KIB,
    min: 64,
    minInProduction: MEMORY_KIB,
    max: 1_048_576,
    doc: `Memory that hashing a password takes, KiB; time grows with it. Hashes made with another value are made anew at the next sign-in. Less than ${MEMORY_KIB} is for tests and refused in production.`,
  }),
} as const;

/** Longest wait for the database in the service's own work; several times what a restart of it takes. */
const DATABASE_WAIT_MS = 10_000;

/** Builds what the service holds as long as the process runs, and makes the first signing key of a new platform. */
export async function setup(parts: SetupParts<ConfigOf<typeof config>>): Promise<AuthService> {
  const { clock, log, limits, revocations, policy, draining } = parts;
  // Keys are read and uses are written while the process drains, too: each time within its own bound.
  const system = () => parts.system(null, AbortSignal.timeout(DATABASE_WAIT_MS));
  const signingKeys = createSigningKeys({
    sealingKey: parts.deriveKey('auth/signing-keys/v1'),
    clock,
    load: () => loadSigningKeys(system()),
    onReloadError: (error) => log.warn({ err: error }, 'the signing keys could not be read; those at hand are used on'),
  });
  await ensureSigningKey(system(), signingKeys);
  await signingKeys.reload();

  const keyUses = createKeyUses(
    (uses) => noteKeyUses(system(), uses),
    (error) => log.warn({ err: error }, 'uses of API keys could not be written; they wait for the next time'),
  );
  const timer = setInterval(() => void keyUses.flush(), FLUSH_MS).unref();
  draining.addEventListener('abort', () => clearInterval(timer), { once: true });

  return {
    settings: parts.config,
    limits,
    revocations,
    policy,
    signingKeys,
    keyUses,
    passwords: await createPasswords({
      memoryKib: parts.config.passwordMemoryKib,
      onProcessEnd: (error) => log.warn({ err: error }, 'a process that hashes passwords has ended; others take over'),
    }),
    refreshTokens: createRefreshTokens(parts.deriveKey('auth/refresh-tokens/v1')),
    randomBytes: (count) => randomBytes(count),
  };
}
