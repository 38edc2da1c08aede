import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API_KEY_RANDOM_BYTES, formatApiKey, isApiKey, looksLikeApiKey, shownPrefix } from '../api-key.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomBytes = fc.uint8Array({ minLength: API_KEY_RANDOM_BYTES, maxLength: API_KEY_RANDOM_BYTES });

describe('an API key', () => {
  test('ends with the CRC-32 of what is before it, as zlib computes it', () => {
    fc.assert(
      fc.property(randomBytes, (random) => {
        const key = formatApiKey(random);
        const value = [...key.slice(-6)].reduce((sum, digit) => sum * 62 + ALPHABET.indexOf(digit), 0);
        expect(value).toBe(crc32(key.slice(0, -6)));
        expect(isApiKey(key)).toBe(true);
      }),
    );
  });

  test('with any one character changed or missing is none', () => {
    fc.assert(
      fc.property(randomBytes, fc.nat(45), fc.constantFrom(...ALPHABET), (random, index, other) => {
        const key = formatApiKey(random);
        const changed = key.slice(0, index) + other + key.slice(index + 1);
        if (changed !== key) expect(isApiKey(changed)).toBe(false);
        expect(isApiKey(key.slice(0, index) + key.slice(index + 1))).toBe(false);
      }),
    );
  });

  test('uses every character equally often', () => {
    // Bytes 0 to 247 hold each of the 62 characters four times; the other eight are passed over.
    const counts = new Map<string, number>();
    for (let start = 0; start < 248; start += 31) {
      const bytes = Array.from({ length: 31 }, (_, index) => start + index);
      const key = formatApiKey(Uint8Array.from([248, 255, ...bytes, 0]));
      for (const char of key.slice(8, 39)) counts.set(char, (counts.get(char) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    expect(new Set(counts.values())).toEqual(new Set([4]));
  });

  test('shows its beginning and no more than four of its secret characters', () => {
    const key = formatApiKey(new Uint8Array(128).fill(10));
    expect(shownPrefix(key)).toBe('cf_live_AAAA');
    expect([looksLikeApiKey(key), looksLikeApiKey('eyJhbGciOi')]).toEqual([true, false]);
  });

  test('is not made of too little chance', () => {
    expect(() => formatApiKey(new Uint8Array(31))).toThrow(RangeError);
    expect(() => formatApiKey(new Uint8Array(128).fill(255))).toThrow(RangeError);
  });
});
