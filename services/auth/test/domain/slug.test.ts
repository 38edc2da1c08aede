import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slugOf, slugWith } from '../../domain/slug.ts';

test.each([
  ['Ada & Sons Painting', 'ada-sons-painting'],
  ['  Crème Brûlée!! ', 'creme-brulee'],
  ['O’Brien — Signs', 'o-brien-signs'],
  ['日本', 'tenant'],
  ['---', 'tenant'],
  ['x'.repeat(300), 'x'.repeat(80)],
])('%j becomes %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});

test('every name becomes what the database takes, with room for a suffix', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const slug = slugOf(name);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(slugWith(slug, '0192f0c1-2d3e-7f4a-8b5c-6d7e8f901234').length).toBeLessThanOrEqual(100);
    }),
  );
});
