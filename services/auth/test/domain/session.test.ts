import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRefresh, expiryAfter, GRACE_MS, IDLE_MS, type SessionState } from '../../domain/session.ts';

const START = new Date('2026-01-01T00:00:00Z');
const at = (ms: number): Date => new Date(START.getTime() + ms);
const session = (change: Partial<SessionState> = {}): SessionState => ({
  generation: 3,
  rotatedAt: START,
  expiresAt: at(IDLE_MS),
  isRevoked: false,
  ...change,
});

describe('a refresh', () => {
  test.each([
    ['the live token rotates', session(), 3, at(1), { kind: 'rotate', generation: 4 }],
    ['the one before it repeats within the window', session(), 2, at(GRACE_MS), { kind: 'repeat', generation: 3 }],
    ['the one before it is a reuse after the window', session(), 2, at(GRACE_MS + 1), { kind: 'reuse' }],
    ['an older one is a reuse at once', session(), 1, at(0), { kind: 'reuse' }],
    ['one of the future ends', session(), 4, at(0), { kind: 'ended' }],
    ['a revoked session has ended', session({ isRevoked: true }), 3, at(0), { kind: 'ended' }],
    [
      'a reused token of a revoked session tells nothing new',
      session({ isRevoked: true }),
      0,
      at(0),
      { kind: 'ended' },
    ],
    ['an expired session has ended', session(), 3, at(IDLE_MS), { kind: 'ended' }],
  ] as const)('%s', (_what, state, presented, now, decision) => {
    expect(decideRefresh(state, presented, now)).toEqual(decision);
  });

  test('keeps one family to one live generation, whatever clients send and when', () => {
    const step = fc.record({ presented: fc.nat(6), afterMs: fc.nat(2 * GRACE_MS) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = session({ generation: 0 });
        let nowMs = 0;
        for (const { presented, afterMs } of steps) {
          nowMs += afterMs;
          const decision = decideRefresh(state, presented, at(nowMs));
          if (decision.kind === 'rotate') {
            expect(decision.generation).toBe(state.generation + 1);
            expect(presented).toBe(state.generation);
            state = { ...state, generation: decision.generation, rotatedAt: at(nowMs) };
          }
          // Whatever is handed out is the live generation, never an older or a newer one.
          if (decision.kind === 'repeat') expect(decision.generation).toBe(state.generation);
          if (decision.kind === 'reuse') state = { ...state, isRevoked: true };
          if (state.isRevoked) {
            for (let generation = 0; generation < 8; generation += 1) {
              expect(['ended', 'reuse']).toContain(decideRefresh(state, generation, at(nowMs)).kind);
            }
          }
        }
      }),
    );
  });

  test('never lets a thief and the owner both go on for longer than the window', () => {
    // Both hold generation 0. Whoever refreshes second, later than the window, ends the family for both.
    fc.assert(
      fc.property(fc.integer({ min: GRACE_MS + 1, max: IDLE_MS - 1 }), (laterMs) => {
        const first = decideRefresh(session({ generation: 0 }), 0, at(0));
        expect(first.kind).toBe('rotate');
        expect(decideRefresh(session({ generation: 1 }), 0, at(laterMs))).toEqual({ kind: 'reuse' });
      }),
    );
  });
});

test('a session ends thirty days after its last refresh and never after its own end', () => {
  const endsAt = at(2 * IDLE_MS);
  expect(expiryAfter(at(0), endsAt)).toEqual(at(IDLE_MS));
  expect(expiryAfter(at(IDLE_MS + 1), endsAt)).toEqual(endsAt);
});
