import { expect, test } from 'vitest';
import { describeBlock, noteOf } from '../changes/block-words.ts';
import { placeOf, shownValue } from '../changes/value-words.ts';

const heading = (level: number) => [{ type: 'heading', attrs: { level } }];
const task = (checked: boolean) => [
  { type: 'taskList' },
  { type: 'taskItem', attrs: { checked } },
  { type: 'paragraph' },
];

test('blocks are called by what they are', () => {
  expect(describeBlock([{ type: 'paragraph' }])).toEqual({ name: null, look: null });
  expect(describeBlock(heading(2))).toEqual({ name: 'Heading 2', look: 'heading' });
  expect(describeBlock(task(true)).name).toBe('☑ Done');
  expect(describeBlock([{ type: 'blockquote' }, { type: 'paragraph' }]).look).toBe('quote');
});

test('what changed beside the text is said', () => {
  expect(noteOf(heading(1), heading(2))).toBe('was: Heading 1');
  expect(noteOf(task(false), task(true))).toBe('was: ☐ To do');
  expect(noteOf([{ type: 'paragraph' }], [{ type: 'paragraph' }])).toBe(null);
  const aligned = [{ type: 'tableCell', attrs: { align: 'right' } }];
  expect(noteOf([{ type: 'tableCell', attrs: { align: null } }], aligned)).toBe('formatted in another way');
});

test('a JSON Pointer reads as a path (RFC 6901, section 4)', () => {
  expect(placeOf('/a~1b/m~0n/0')).toBe('a/b › m~n › 0');
  expect(placeOf('')).toBe('everything');
  expect([shownValue('41.5'), shownValue(41.5), shownValue({ a: [1] })]).toEqual(['41.5', '41.5', '{"a":[1]}']);
});
