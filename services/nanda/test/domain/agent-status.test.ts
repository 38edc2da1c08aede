import { describe, expect, test } from 'vitest';
import {
  AGENT_STATUSES,
  type AgentStatus,
  CHECK_OUTCOMES,
  mayMove,
  nextStatuses,
  statusAfterCheck,
} from '../../domain/agent-status.ts';

describe('the status machine', () => {
  test('goes the whole way from draft to retired', () => {
    const way: readonly AgentStatus[] = ['draft', 'active', 'degraded', 'suspended', 'revoked', 'retired'];
    for (const [index, to] of way.slice(1).entries()) expect(mayMove(way[index] as AgentStatus, to)).toBe(true);
  });

  test('has no move to where it is', () => {
    for (const status of AGENT_STATUSES) expect(mayMove(status, status)).toBe(false);
  });

  test('leaves revoked only for retired, and retired never', () => {
    expect(nextStatuses('revoked')).toEqual(['retired']);
    expect(nextStatuses('retired')).toEqual([]);
  });

  test('can end everywhere', () => {
    const end = (from: AgentStatus) => from === 'retired' || mayMove(from, 'retired');
    expect(AGENT_STATUSES.every(end)).toBe(true);
  });
});

describe('a check', () => {
  test('makes only moves that the machine has', () => {
    for (const status of AGENT_STATUSES) {
      for (const outcome of CHECK_OUTCOMES) {
        const next = statusAfterCheck(status, outcome);
        expect(next === status || mayMove(status, next)).toBe(true);
      }
    }
  });

  test.each([
    ['active', 'healthy', 'active'],
    ['active', 'unreachable', 'degraded'],
    ['active', 'drifted', 'degraded'],
    ['degraded', 'invalid', 'degraded'],
    ['degraded', 'healthy', 'active'],
    ['inactive', 'healthy', 'active'],
    ['inactive', 'unreachable', 'inactive'],
    ['draft', 'healthy', 'draft'],
    ['suspended', 'healthy', 'suspended'],
    ['revoked', 'healthy', 'revoked'],
    ['retired', 'unreachable', 'retired'],
  ] as const)('of an agent that is %s and %s leaves it %s', (status, outcome, next) => {
    expect(statusAfterCheck(status, outcome)).toBe(next);
  });
});
