import { describe, expect, test } from 'vitest';
import { ACCESS_TOKEN_MS } from '../../domain/session.ts';
import { isPublished, KEYS_MAX_AGE_S, planRotation, signerOf } from '../../domain/signing-keys.ts';

const START = new Date('2026-01-01T00:00:00Z');
const at = (ms: number): Date => new Date(START.getTime() + ms);
const MINUTE = 60_000;

describe('signing keys', () => {
  test('after a rotation there is always a signer, published before it signs and until its last token has expired', () => {
    const plan = planRotation(START, false);
    const old = { kid: 'old', activatesAt: at(-100 * MINUTE), retiresAt: plan.retiresAt };
    const fresh = { kid: 'fresh', activatesAt: plan.activatesAt, retiresAt: null };
    const lastSigned = new Map<string, Date>();
    for (let ms = 0; ms <= 60 * MINUTE; ms += 10_000) {
      const now = at(ms);
      const signer = signerOf([old, fresh], now);
      if (signer === undefined) throw new Error(`nobody signs at ${ms} ms`);
      expect(isPublished(signer, now)).toBe(true);
      lastSigned.set(signer.kid, now);
      // Whoever keeps the published list as long as it may has seen the signer.
      if (signer.kid === 'fresh') expect(ms).toBeGreaterThanOrEqual(KEYS_MAX_AGE_S * 1_000);
    }
    expect([...lastSigned.keys()]).toEqual(['old', 'fresh']);
    const lastOfOld = lastSigned.get('old') ?? START;
    expect(isPublished(old, new Date(lastOfOld.getTime() + ACCESS_TOKEN_MS))).toBe(true);
    expect(isPublished(old, at(60 * MINUTE))).toBe(false);
  });

  test('in an emergency the old key is out at once', () => {
    const plan = planRotation(START, true);
    const old = { kid: 'old', activatesAt: at(-MINUTE), retiresAt: plan.retiresAt };
    const fresh = { kid: 'fresh', activatesAt: plan.activatesAt, retiresAt: null };
    expect([signerOf([old, fresh], START)?.kid, isPublished(old, START)]).toEqual(['fresh', false]);
  });

  test('a machine whose clock is behind signs with the first key to come', () => {
    const key = { kid: 'only', activatesAt: at(5 * MINUTE), retiresAt: null };
    expect(signerOf([key], START)?.kid).toBe('only');
    expect(signerOf([], START)).toBeUndefined();
  });
});
