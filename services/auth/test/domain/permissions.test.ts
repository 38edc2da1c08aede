import { describe, expect, test } from 'vitest';
import { handOnProblem, isBuiltInRole, mayHandle } from '../../domain/permissions.ts';

const ACTIONS = ['agent:read', 'agent:create', 'user:read'] as const;
const holding =
  (...held: readonly string[]) =>
  (action: string) =>
    held.includes(action);
const always = () => true;
const never = () => false;

describe('handing on a permission', () => {
  test.each([
    ['agent:read', holding('agent:read'), never, null],
    ['agent:create', holding('agent:read'), never, 'beyond'],
    ['agent:*', holding('agent:read', 'agent:create'), always, null],
    ['agent:*', holding('agent:read', 'agent:create'), never, 'beyond'],
    ['agent:*', holding('agent:read'), always, 'beyond'],
    ['*', holding(...ACTIONS), always, null],
    ['*', holding('agent:read', 'agent:create'), always, 'beyond'],
    ['agent:fly', always, always, 'unknown'],
    ['ghost:*', always, always, 'unknown'],
    ['', always, always, 'malformed'],
    ['agent', always, always, 'malformed'],
    ['Agent:Read', always, always, 'malformed'],
    ['*:read', always, always, 'malformed'],
    ['agent:read ', always, always, 'malformed'],
  ] as const)('%j', (permission, holds, holdsWildcard, expected) => {
    expect(handOnProblem(permission, ACTIONS, holds, holdsWildcard)).toBe(expected);
  });
});

describe('rank', () => {
  test.each([
    ['owner', 'owner', true],
    ['owner', 'admin', true],
    ['admin', 'owner', false],
    ['admin', 'admin', true],
    ['manager', 'admin', false],
    ['staff', 'night-shift', true],
    ['night-shift', 'owner', false],
    ['night-shift', 'admin', false],
    ['constructor', 'admin', false],
  ])('%s may act on %s: %s', (role, target, expected) => {
    expect(mayHandle(role, target)).toBe(expected);
  });

  test('names of JavaScript’s own are no roles', () => {
    expect(['owner', 'viewer', 'user', 'constructor', '__proto__', 'toString'].map(isBuiltInRole)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
