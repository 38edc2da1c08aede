import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCESS_LEVELS, type Guarded, includesLevel, levelIn, type Viewer } from '../../domain/access.ts';

const level = fc.constantFrom(...ACCESS_LEVELS);
const maybe = fc.option(level, { nil: null });
const person = fc.constantFrom('ann', 'ben', null);
const viewers: fc.Arbitrary<Viewer> = fc.record({
  userId: person,
  apiKeyId: fc.constantFrom('key', null),
  seesAll: fc.boolean(),
  roleLevel: maybe,
  scopeLevel: level,
});
const documents: fc.Arbitrary<Guarded> = fc.record({
  visibility: fc.constantFrom('tenant' as const, 'private' as const),
  createdBy: person,
  userLevel: maybe,
  apiKeyLevel: maybe,
});

describe('the level in a document', () => {
  test('is never more than the scopes of the credential reach', () => {
    fc.assert(
      fc.property(viewers, documents, (viewer, document) => {
        const found = levelIn(viewer, document);
        expect(found === null || includesLevel(viewer.scopeLevel, found)).toBe(true);
      }),
    );
  });

  test('is manage for creators and for who sees all, whatever the members say', () => {
    fc.assert(
      fc.property(viewers, documents, (viewer, document) => {
        const own = { ...viewer, userId: 'ann', scopeLevel: 'manage' as const };
        const without = { ...document, apiKeyLevel: null };
        expect(levelIn(own, { ...without, createdBy: 'ann' })).toBe('manage');
        expect(levelIn({ ...own, seesAll: true }, without)).toBe('manage');
      }),
    );
  });

  test('of a private document is none without a name on its list', () => {
    fc.assert(
      fc.property(viewers, documents, (viewer, document) => {
        const stranger = { ...viewer, userId: 'ben', seesAll: false };
        const hidden = {
          ...document,
          visibility: 'private' as const,
          createdBy: 'ann',
          userLevel: null,
          apiKeyLevel: null,
        };
        expect(levelIn(stranger, hidden)).toBeNull();
        expect(levelIn({ ...stranger, userId: null }, { ...hidden, createdBy: null })).toBeNull();
      }),
    );
  });

  test('by name takes the place of that of the role, in both directions', () => {
    fc.assert(
      fc.property(level, maybe, documents, (named, roleLevel, document) => {
        const viewer: Viewer = { userId: 'ben', apiKeyId: null, seesAll: false, roleLevel, scopeLevel: 'manage' };
        const given = { ...document, createdBy: 'ann', userLevel: named, apiKeyLevel: null };
        expect(levelIn(viewer, given)).toBe(named);
        expect(levelIn(viewer, { ...given, userLevel: null, visibility: 'tenant' })).toBe(roleLevel);
      }),
    );
  });
});
