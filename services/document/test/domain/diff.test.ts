import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import { CHECKLIST, RICH_TEXT } from '../../domain/content-types.ts';
import { diffContent } from '../../domain/diff/content-diff.ts';
import { diffJson } from '../../domain/diff/json-diff.ts';
import { canonicalOf } from '../../domain/reconcile/values.ts';
import { DiffBudget, diffText, type TextPart } from '../../domain/text-diff.ts';

const earlier = (parts: readonly TextPart[]): string =>
  parts.map(({ kind, text }) => (kind === 'insert' ? '' : text)).join('');
const later = (parts: readonly TextPart[]): string =>
  parts.map(({ kind, text }) => (kind === 'delete' ? '' : text)).join('');

/** Texts of few words, so that they have much in common. */
const text = fc
  .array(fc.constantFrom('one', 'two ', '\n', '  ', 'Ünï', '😀', 'x\r\n', 'one two three\n'), { maxLength: 30 })
  .map((words) => words.join(''));

describe('the difference of two texts', () => {
  test('gives both back, whatever it may cost', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 5_000 }), (before, after, steps) => {
        const { parts } = diffText(before, after, new DiffBudget(steps));
        expect([earlier(parts), later(parts)]).toEqual([before, after]);
        expect(parts.filter((part, at) => part.text === '' || part.kind === parts[at + 1]?.kind)).toEqual([]);
      }),
      runs(250),
    );
  });

  test('shows changed words and not changed lines', () => {
    expect(diffText('a b c\nsame\n', 'a X c\nsame\n').parts).toEqual([
      { kind: 'equal', text: 'a ' },
      { kind: 'delete', text: 'b' },
      { kind: 'insert', text: 'X' },
      { kind: 'equal', text: ' c\nsame\n' },
    ]);
  });

  test('of two large ones that share nothing is coarse and quick', () => {
    const words = (seed: number): string =>
      Array.from({ length: 200_000 }, (_, n) => `${(n * seed) % 99_991}\n`).join('');
    const [before, after] = [words(7), words(13)];
    const startedAt = performance.now();
    const { parts, isCoarse } = diffText(before, after);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect([isCoarse, earlier(parts) === before, later(parts) === after]).toEqual([true, true, true]);
  });

  test('finds one word in a large one', () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => `line ${n} of many\n`);
    const [before, after] = [lines.join(''), lines.with(50_000, 'line 50000 of few\n').with(70_000, '').join('')];
    const { parts, isCoarse } = diffText(before, after);
    expect(isCoarse).toBe(false);
    expect(parts.filter(({ kind }) => kind !== 'equal')).toEqual([
      { kind: 'delete', text: 'many' },
      { kind: 'insert', text: 'few' },
      { kind: 'delete', text: 'line 70000 of many\n' },
    ]);
  });
});

describe('the difference of two JSON values', () => {
  const json = fc.jsonValue({ maxDepth: 4 });

  test('is a patch that another program applies', () => {
    fc.assert(
      fc.property(json, json, fc.integer({ min: 0, max: 2_000 }), (before, after, steps) => {
        // The keys of a shared map cannot be `__proto__` in the answer of another program.
        fc.pre(!JSON.stringify([before, after]).includes('__proto__'));
        const box = structuredClone({ root: before });
        const { changes } = diffJson(before, after, new DiffBudget(steps));
        const patch = changes.map((change) => ({ ...structuredClone(change), path: `/root${change.path}` }));
        const failures = applyPatch(box, patch as Parameters<typeof applyPatch>[1]).filter((error) => error !== null);
        expect(failures).toEqual([]);
        expect(canonicalOf(box.root)).toBe(canonicalOf(after));
      }),
      runs(250),
    );
  });

  test('names the least that changed', () => {
    const before = { a: [1, 2, 3], 'b/c': { d: true }, e: 'x' };
    const after = { a: [1, 3, 4], 'b/c': { d: false }, f: null };
    expect(diffJson(before, after, new DiffBudget()).changes).toEqual([
      { op: 'remove', path: '/a/1', before: 2 },
      { op: 'add', path: '/a/2', value: 4 },
      { op: 'replace', path: '/b~1c/d', value: false, before: true },
      { op: 'remove', path: '/e', before: 'x' },
      { op: 'add', path: '/f', value: null },
    ]);
  });
});

describe('the difference of two contents', () => {
  const paragraph = (words: string) => ({ type: 'paragraph', content: [{ type: 'text', text: words }] });
  const rich = (...content: object[]) => ({ roots: { default: { type: 'doc', content } }, text: '' });

  test('of rich text is told by blocks', () => {
    const list = (words: string) => ({
      type: 'bulletList',
      content: [{ type: 'listItem', content: [paragraph(words)] }],
    });
    const before = rich(paragraph('first of all'), paragraph('gone'), list('buy some milk'));
    const after = rich(paragraph('first of all'), list('buy some bread'), paragraph('quite new'));
    const diff = diffContent(before, after, RICH_TEXT);
    const blocks = diff.roots[0]?.blocks ?? [];
    expect(
      blocks.map(({ kind, block, was }) => [kind, block.path.map(({ type }) => type).join('/'), was?.text]),
    ).toEqual([
      ['equal', 'paragraph', undefined],
      ['delete', 'paragraph', undefined],
      ['change', 'bulletList/listItem/paragraph', 'buy some milk'],
      ['insert', 'paragraph', undefined],
    ]);
    expect(blocks[2]?.parts).toEqual([
      { kind: 'equal', text: 'buy some ' },
      { kind: 'delete', text: 'milk' },
      { kind: 'insert', text: 'bread' },
    ]);
    expect(diff).toMatchObject({ inserted: 14, deleted: 8, isCoarse: false });
  });

  test('of a checklist is told by items and as a patch', () => {
    const items = (...all: object[]) => ({ roots: { items: all }, text: '' });
    const before = items({ id: '1', text: 'buy milk', done: false }, { id: '2', text: 'sleep', done: false });
    const after = items({ id: '1', text: 'buy milk', done: true }, { id: '2', text: 'sleep', done: false });
    const [root] = diffContent(before, after, CHECKLIST).roots;
    expect(root?.blocks?.map(({ kind }) => kind)).toEqual(['change', 'equal']);
    expect(root?.patch).toEqual([{ op: 'replace', path: '/0/done', value: true, before: false }]);
  });
});
