import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createPasswords as createPasswordsOf, type PasswordOptions } from '../setup/passwords.ts';
import { createRefreshTokens } from '../setup/refresh-tokens.ts';
import { seal, unseal } from '../setup/seal.ts';

const NEVER = new AbortController().signal;

const createPasswords = (options: Omit<PasswordOptions, 'onProcessEnd'> = {}) =>
  createPasswordsOf({
    ...options,
    onProcessEnd: (error) => {
      throw error;
    },
  });

describe('passwords', () => {
  test('match in any composition of their characters and nothing else', async () => {
    const passwords = await createPasswords();
    const hash = await passwords.hash('caf\u00e9 au lait', NEVER);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, 'cafe\u0301 au lait', NEVER)).toEqual({ matches: true, needsRehash: false });
    expect(await passwords.verify(hash, 'cafe au lait', NEVER)).toEqual({ matches: false, needsRehash: false });
    expect(await passwords.verify(null, 'caf\u00e9 au lait', NEVER)).toEqual({ matches: false, needsRehash: false });
  });

  test('are hashed anew when another memory is asked for', async () => {
    const [small, large] = [await createPasswords({ memoryKib: 64 }), await createPasswords({ memoryKib: 128 })];
    const hash = await small.hash('violet tractor sonnet', NEVER);
    expect(hash).toContain('$m=64,');
    expect(await small.verify(hash, 'violet tractor sonnet', NEVER)).toEqual({ matches: true, needsRehash: false });
    expect(await large.verify(hash, 'violet tractor sonnet', NEVER)).toEqual({ matches: true, needsRehash: true });
  });

  test('of nobody take as long to check as those of somebody', async () => {
    const passwords = await createPasswords({ cores: 1 });
    const hash = await passwords.hash('violet tractor sonnet', NEVER);
    const timed = async (stored: string | null): Promise<number> => {
      const startedAt = performance.now();
      await passwords.verify(stored, 'a wrong guess', NEVER);
      return performance.now() - startedAt;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      known.push(await timed(hash));
      unknown.push(await timed(null));
    }
    // The quickest rounds are those that nothing disturbed; a check that was left out would take microseconds.
    const ratio = Math.min(...unknown) / Math.min(...known);
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });
});

describe('refresh tokens', () => {
  const tokens = createRefreshTokens(new Uint8Array(32).fill(1));
  const id = '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234';
  const seed = new Uint8Array(randomBytes(32));

  test('say which session and generation they are of, and are known as ours', () => {
    const text = tokens.make(id, seed, 4_000_000_000);
    expect(tokens.make(id, seed, 4_000_000_000)).toBe(text);
    const read = tokens.read(text);
    expect(read).toMatchObject({ sessionId: id, generation: 4_000_000_000 });
    expect(read !== null && tokens.isGenuine(read, seed)).toBe(true);
  });

  test('need the secret and the seed alike', () => {
    const read = tokens.read(tokens.make(id, seed, 1));
    if (read === null) throw new Error('not read');
    expect(tokens.isGenuine(read, new Uint8Array(32))).toBe(false);
    expect(createRefreshTokens(new Uint8Array(32).fill(2)).isGenuine(read, seed)).toBe(false);
    expect(tokens.isGenuine({ ...read, generation: 2 }, seed)).toBe(false);
  });

  test.each([
    '',
    'cfr_',
    `cfr_${'A'.repeat(69)}`,
    `cfr_${'A'.repeat(71)}`,
    `cfx_${'A'.repeat(70)}`,
    `cfr_${'!'.repeat(70)}`,
  ])('"%s" is none', (text) => {
    expect(tokens.read(text)).toBeNull();
  });
});

describe('sealed bytes', () => {
  const key = new Uint8Array(32).fill(3);
  const plain = Buffer.from('a private key');

  test('open with the same key and context only', () => {
    const sealed = seal(key, plain, 'k1');
    expect(unseal(key, sealed, 'k1')).toEqual(plain);
    expect(() => unseal(new Uint8Array(32), sealed, 'k1')).toThrow();
    expect(() => unseal(key, sealed, 'k2')).toThrow();
  });

  test('do not open when a bit of them has changed', () => {
    for (let index = 0; index < seal(key, plain, 'k1').length; index += 1) {
      const sealed = seal(key, plain, 'k1');
      sealed.writeUInt8(sealed.readUInt8(index) ^ 1, index);
      expect(() => unseal(key, sealed, 'k1')).toThrow();
    }
  });
});
