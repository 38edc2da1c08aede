import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Anchor, anchorAt, anchorOf, findAnchor, type Range } from '../../domain/anchor.ts';

const docOf = (text: string): Y.Doc => {
  const doc = new Y.Doc();
  doc.getText('content').insert(0, text);
  return doc;
};
const at = (doc: Y.Doc, start: number, end: number): Anchor => {
  const anchor = anchorAt(doc, { root: 'content', start, end });
  if (anchor === null) throw new Error('an anchor was expected');
  return anchor;
};

describe('an anchor', () => {
  test('keeps out what is written before and behind it, and takes in what is written within', () => {
    const doc = docOf('one two three');
    const anchor = at(doc, 4, 7);
    const text = doc.getText('content');
    text.insert(0, '>> ');
    text.insert(10, ',');
    text.insert(7, '<');
    text.insert(9, '*');
    expect(text.toString()).toBe('>> one <t*wo, three');
    expect(findAnchor(doc, anchor)).toEqual({ start: 8, end: 12, text: 't*wo' });
  });

  test('is lost with all of its text and not with a part of it', () => {
    const doc = docOf('one two three');
    const anchor = at(doc, 4, 7);
    doc.getText('content').delete(3, 3);
    expect(findAnchor(doc, anchor)).toEqual({ start: 3, end: 4, text: 'o' });
    doc.getText('content').delete(0, 5);
    expect(findAnchor(doc, anchor)).toBeNull();
  });

  test('is none for an empty range, beyond the text, in another root, or for other bytes', () => {
    const doc = docOf('text');
    for (const [root, start, end] of [
      ['content', 2, 2],
      ['content', 3, 2],
      ['content', -1, 2],
      ['content', 0, 5],
      ['other', 0, 1],
    ] as const) {
      expect(anchorAt(doc, { root, start, end })).toBeNull();
    }
    expect([...doc.share.keys()]).toEqual(['content']);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.uint8Array({ maxLength: 12 }), (start, end) => {
        const found = anchorOf(doc, { start, end });
        expect(found === null || findAnchor(doc, found) !== null).toBe(true);
        expect(findAnchor(doc, { root: 'content', start, end }) ?? { start: 0 }).toHaveProperty('start');
        expect([...doc.share.keys()]).toEqual(['content']);
      }),
    );
  });

  test('of another history is lost and not misplaced', () => {
    const anchor = at(docOf('one two three'), 4, 7);
    expect(findAnchor(docOf('one two three'), anchor)).toBeNull();
  });

  test('in rich text spans blocks, images and formatting', () => {
    const doc = new Y.Doc();
    const root = doc.getXmlFragment('default');
    const paragraphs = ['First line', 'Second line'].map((line) => {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(line)]);
      return paragraph;
    });
    root.insert(0, [...paragraphs.slice(0, 1), new Y.XmlElement('image'), ...paragraphs.slice(1)]);
    const textIn = (index: number) => (root.get(index) as Y.XmlElement).get(0) as Y.XmlText;
    const position = (type: Y.XmlText | Y.XmlFragment, index: number) =>
      Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(type, index));
    const anchor = anchorOf(doc, { start: position(textIn(0), 6), end: position(textIn(2), 6) });
    if (anchor === null) throw new Error('an anchor was expected');
    expect(findAnchor(doc, anchor)).toEqual({ start: 6, end: 18, text: 'line\uFFFC\nSecond' });
    textIn(2).format(0, 6, { bold: {} });
    textIn(0).insert(0, 'My ');
    expect(findAnchor(doc, anchor)).toMatchObject({ text: 'line\uFFFC\nSecond', start: 9 });
    const image = anchorOf(doc, { start: position(root, 1), end: position(root, 2) });
    expect(image && findAnchor(doc, image)?.text).toBe('\uFFFC');
    root.delete(0, 1);
    expect(findAnchor(doc, anchor)).toBeNull();
  });

  test('in a list holds on to items', () => {
    const doc = new Y.Doc();
    doc.getArray('items').insert(0, ['a', 'b', 'c']);
    const anchor = anchorAt(doc, { root: 'items', start: 1, end: 2 });
    doc.getArray('items').insert(0, ['z']);
    expect(anchor && findAnchor(doc, anchor)).toEqual({ start: 2, end: 3, text: '"b"' });
  });
});

/**
 * Every character of the test is another one, so the text alone tells where each of them went. What was in the range at
 * first must be in it as long as it is there, and nothing else that was there at first; the range is lost when nothing
 * stands between.
 */
describe('comments follow their text', () => {
  const FIRST = 0x4e00; // CJK ideographs: 20,000 characters of one UTF-16 unit
  const edit = fc.record({
    writer: fc.nat(2),
    at: fc.nat(1_000),
    remove: fc.nat(6),
    add: fc.nat(4),
    sync: fc.boolean(),
  });
  const edits = fc.array(edit, { minLength: 1, maxLength: 60 });
  const LENGTH = 24;

  const expected = (text: string, original: string, start: number, end: number, found: Range | null): void => {
    const inside = [...original.slice(start, end)].filter((char) => text.includes(char));
    if (found === null) {
      expect(inside).toEqual([]);
      return;
    }
    expect(text.slice(found.start, found.end)).toBe(found.text);
    const within = new Set(found.text);
    for (const char of original) {
      if (text.includes(char)) expect(within.has(char)).toBe(inside.includes(char));
    }
  };

  test('under random edits of three writers who do not see each other', () => {
    fc.assert(
      fc.property(edits, fc.nat(LENGTH - 1), fc.integer({ min: 1, max: LENGTH }), (all, from, length) => {
        const [start, end] = [from, Math.min(LENGTH, from + length)];
        const original = String.fromCharCode(...Array.from({ length: LENGTH }, (_, n) => FIRST + n));
        let next = FIRST + LENGTH;
        const server = docOf(original);
        const writers = [0, 1, 2].map(() => {
          const doc = docOf('');
          Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
          return doc;
        });
        const anchor = at(server, start, end);
        const exchange = (doc: Y.Doc): void => {
          Y.applyUpdate(server, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(server)));
          Y.applyUpdate(doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(doc)));
        };
        for (const { writer, at: place, remove, add, sync } of all) {
          const doc = writers[writer] as Y.Doc;
          const text = doc.getText('content');
          const index = place % (text.length + 1);
          text.delete(index, Math.min(remove, text.length - index));
          text.insert(index, String.fromCharCode(...Array.from({ length: add }, () => next++)));
          if (sync) exchange(doc);
          expected(server.getText('content').toString(), original, start, end, findAnchor(server, anchor));
        }
        for (const doc of [...writers, ...writers]) exchange(doc);
        const found = findAnchor(server, anchor);
        expected(server.getText('content').toString(), original, start, end, found);
        for (const doc of writers) expect(findAnchor(doc, anchor)).toEqual(found);
        const stored = new Y.Doc();
        Y.applyUpdateV2(stored, Y.encodeStateAsUpdateV2(server));
        stored.getText('content');
        expect(findAnchor(stored, anchor)).toEqual(found);
      }),
      runs(150),
    );
  });
});
