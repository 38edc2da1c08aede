import type { RevocationMark } from './types.ts';

interface Entry {
  readonly revokedAtMs: number;
  readonly expiresAtMs: number;
}

const FOLD_SHARE = 0.1; // enough that the next fold is far off

/**
 * The marks in memory. When there are more than fit, the oldest tenth becomes one floor that refuses every token issued before
 * it: people refresh their tokens early, and nothing revoked is let through.
 */
export class RevocationMirror {
  private readonly entries = new Map<string, Entry>();
  private readonly marksMax: number;
  private readonly onFold: () => void;
  private floor: Entry = { revokedAtMs: Number.NEGATIVE_INFINITY, expiresAtMs: Number.NEGATIVE_INFINITY };

  /** @param onFold called when marks had to be folded into the floor. */
  constructor(marksMax: number, onFold: () => void) {
    this.marksMax = marksMax;
    this.onFold = onFold;
  }

  /** Takes a mark in. Answers whether it refuses more than before. */
  add(mark: RevocationMark, nowMs: number): boolean {
    const [revokedAtMs, expiresAtMs] = [mark.revokedAt.getTime(), mark.expiresAt.getTime()];
    if (expiresAtMs <= nowMs) return false;
    const known = this.entries.get(mark.subject);
    const raises = known === undefined || revokedAtMs > known.revokedAtMs;
    if (known !== undefined && !raises && expiresAtMs <= known.expiresAtMs) return false;
    this.entries.set(mark.subject, {
      revokedAtMs: Math.max(revokedAtMs, known?.revokedAtMs ?? revokedAtMs),
      expiresAtMs: Math.max(expiresAtMs, known?.expiresAtMs ?? expiresAtMs),
    });
    if (this.entries.size > this.marksMax) this.shrink(nowMs);
    return raises;
  }

  refuses(subjects: readonly string[], issuedAtMs: number): boolean {
    if (issuedAtMs <= this.floor.revokedAtMs) return true;
    for (const subject of subjects) {
      const entry = this.entries.get(subject);
      if (entry !== undefined && issuedAtMs <= entry.revokedAtMs) return true;
    }
    return false;
  }

  /** Forgets what has expired. */
  sweep(nowMs: number): void {
    for (const [subject, { expiresAtMs }] of this.entries) if (expiresAtMs <= nowMs) this.entries.delete(subject);
    if (this.floor.expiresAtMs <= nowMs) {
      this.floor = { revokedAtMs: Number.NEGATIVE_INFINITY, expiresAtMs: Number.NEGATIVE_INFINITY };
    }
  }

  /** Marks held. */
  get size(): number {
    return this.entries.size;
  }

  private shrink(nowMs: number): void {
    this.sweep(nowMs);
    if (this.entries.size <= this.marksMax) return;
    const oldestFirst = [...this.entries].sort(([, a], [, b]) => a.revokedAtMs - b.revokedAtMs);
    for (const [subject, entry] of oldestFirst.slice(0, Math.ceil(this.marksMax * FOLD_SHARE))) {
      this.entries.delete(subject);
      this.floor = {
        revokedAtMs: Math.max(this.floor.revokedAtMs, entry.revokedAtMs),
        expiresAtMs: Math.max(this.floor.expiresAtMs, entry.expiresAtMs),
      };
    }
    this.onFold();
  }
}
