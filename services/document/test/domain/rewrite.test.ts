import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Anchor, anchorAt, anchorCarrier, anchorOf, findAnchor } from '../../domain/anchor.ts';
import { type ContentType, RICH_TEXT } from '../../domain/content-types.ts';
import { rewrite } from '../../domain/rewrite.ts';
import { emptyDoc } from '../../domain/shared-types.ts';
import { contentTypes, copyOf, edit, reads, steps } from './random-edits.ts';

const nobody = () => false;
const clientsOf = (doc: Y.Doc): readonly number[] => [...doc.store.clients.keys()];

/** A document that two people have edited, one after the other. */
function editedByTwo(contentType: ContentType, first: Parameters<typeof edit>[2], then: Parameters<typeof edit>[2]) {
  const doc = emptyDoc(contentType);
  edit(doc, contentType, first);
  const second = copyOf(doc, contentType);
  edit(second, contentType, then);
  return second;
}

describe('a content written anew', () => {
  test('reads the same, is by one client that nobody was before, and holds no deletions', () => {
    fc.assert(
      fc.property(contentTypes, steps, steps, (contentType, first, then) => {
        const doc = editedByTwo(contentType, first, then);
        const { doc: fresh, update } = rewrite(doc, contentType, nobody);
        const replica = emptyDoc(contentType);
        Y.applyUpdate(replica, update);
        expect(reads(replica, contentType)).toBe(reads(doc, contentType));
        expect(clientsOf(fresh).filter((client) => clientsOf(doc).includes(client))).toEqual([]);
        expect(clientsOf(fresh).length).toBeLessThanOrEqual(1);
        expect(Y.decodeUpdate(update).ds.clients.size).toBe(0);
      }),
      runs(75),
    );
  });

  test('never takes an id that somebody had', () => {
    const doc = emptyDoc('text/plain');
    doc.getText('content').insert(0, 'x');
    const tried: number[] = [];
    const { doc: fresh } = rewrite(doc, 'text/plain', (clientId) => tried.push(clientId) < 3);
    expect(new Set(tried).size).toBe(3);
    expect(fresh.clientID).toBe(tried[2]);
  });
});

describe('anchors carried into another history', () => {
  const carried = (from: Y.Doc, to: Y.Doc, anchor: Anchor) => {
    const found = anchorCarrier(from, to)(anchor);
    return found === null ? null : { range: findAnchor(to, { ...anchor, ...found }), text: found.text };
  };

  test('of a text keep their place', () => {
    fc.assert(
      fc.property(steps, steps, fc.nat(40), fc.nat(10), (first, then, start, length) => {
        const doc = editedByTwo('text/plain', first, then);
        const anchor = anchorAt(doc, { root: 'content', start, end: start + length });
        fc.pre(anchor !== null);
        edit(doc, 'text/plain', then);
        const before = findAnchor(doc, anchor);
        const after = carried(doc, rewrite(doc, 'text/plain', nobody).doc, anchor);
        expect(after?.range ?? null).toEqual(before);
        expect(after?.text).toBe(before?.text);
      }),
      runs(75),
    );
  });

  test('in rich text hold on to their paragraph', () => {
    const doc = emptyDoc(RICH_TEXT);
    const xml = doc.getXmlFragment('default');
    const texts = ['gone', 'one two', 'one two'].map((words) => {
      const element = new Y.XmlElement('paragraph');
      const text = new Y.XmlText(words);
      element.insert(0, [text]);
      xml.push([element]);
      return text;
    });
    const [, , third] = texts;
    if (third === undefined) throw new Error('three were written');
    const position = (index: number, assoc: number) =>
      Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(third, index, assoc));
    const anchor = anchorOf(doc, { start: position(4, 0), end: position(7, -1) });
    if (anchor === null) throw new Error('an anchor was expected');
    xml.delete(0, 1);
    third.insert(0, '> ');
    const { doc: fresh } = rewrite(doc, RICH_TEXT, nobody);
    expect(carried(doc, fresh, anchor)).toEqual({ range: findAnchor(doc, anchor), text: 'two' });
  });

  test('in a text within a map and a list hold on to it', () => {
    const doc = emptyDoc('application/json');
    const text = new Y.Text('inner words');
    doc.getMap('data').set('list', Y.Array.from([1, new Y.Map<unknown>([['words', text]])]));
    const position = (index: number, assoc: number) =>
      Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, assoc));
    const anchor = anchorOf(doc, { start: position(6, 0), end: position(11, -1) });
    if (anchor === null) throw new Error('an anchor was expected');
    (doc.getMap('data').get('list') as Y.Array<unknown>).delete(0, 1);
    expect(carried(doc, rewrite(doc, 'application/json', nobody).doc, anchor)?.text).toBe('words');
  });

  test('are none when nothing is left of what they were put on', () => {
    const doc = emptyDoc('text/plain');
    doc.getText('content').insert(0, 'one two');
    const anchor = anchorAt(doc, { root: 'content', start: 0, end: 3 });
    if (anchor === null) throw new Error('an anchor was expected');
    doc.getText('content').delete(0, 4);
    expect(carried(doc, rewrite(doc, 'text/plain', nobody).doc, anchor)).toBeNull();
  });
});
