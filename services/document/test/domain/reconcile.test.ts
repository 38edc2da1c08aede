import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { RICH_TEXT } from '../../domain/content-types.ts';
import { reconcile } from '../../domain/reconcile/reconcile.ts';
import { visibleRuns } from '../../domain/reconcile/visible-items.ts';
import { emptyDoc } from '../../domain/shared-types.ts';
import { contentTypes, copyOf, edit, reads, steps } from './random-edits.ts';

/** Ids of the visible characters of a document of text. */
const idsOf = (doc: Y.Doc): readonly string[] =>
  visibleRuns(doc.getText('content')).flatMap(({ client, clock, length }) =>
    Array.from({ length }, (_, at) => `${client}:${clock + at}`),
  );

describe('changing a document into an earlier state of it', () => {
  test('makes it read the same here and wherever the change arrives', () => {
    fc.assert(
      fc.property(contentTypes, steps, steps, (contentType, before, after) => {
        const live = emptyDoc(contentType);
        edit(live, contentType, before);
        const target = copyOf(live, contentType);
        edit(live, contentType, after);
        const elsewhere = copyOf(live, contentType);
        const update = reconcile(live, target, contentType);
        if (update !== null) Y.applyUpdate(elsewhere, update);
        expect(reads(live, contentType)).toBe(reads(target, contentType));
        expect(reads(elsewhere, contentType)).toBe(reads(target, contentType));
        expect(reconcile(live, target, contentType)).toBeNull();
      }),
      runs(200),
    );
  });

  test('leaves characters that both have the ones they are', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const live = emptyDoc('text/plain');
        edit(live, 'text/plain', before);
        const target = copyOf(live, 'text/plain');
        edit(live, 'text/plain', after);
        const inTarget = new Set(idsOf(target));
        const common = idsOf(live).filter((id) => inTarget.has(id));
        reconcile(live, target, 'text/plain');
        const kept = new Set(idsOf(live));
        expect(common.filter((id) => !kept.has(id))).toEqual([]);
      }),
      runs(150),
    );
  });

  test('keeps what others write at the same time', () => {
    fc.assert(
      fc.property(steps, steps, fc.nat(1_000), (before, after, where) => {
        const live = emptyDoc('text/plain');
        edit(live, 'text/plain', before);
        const target = copyOf(live, 'text/plain');
        edit(live, 'text/plain', after);
        const other = copyOf(live, 'text/plain');
        const text = other.getText('content');
        text.insert(where % (text.length + 1), '<concurrent>');
        reconcile(live, target, 'text/plain');
        Y.applyUpdate(live, Y.encodeStateAsUpdate(other));
        expect(live.getText('content').toString()).toContain('<concurrent>');
      }),
      runs(150),
    );
  });

  test('keeps words that read the same although their ids are others', () => {
    const live = emptyDoc('text/plain');
    live.getText('content').insert(0, 'The quick brown fox jumps over the lazy dog.');
    const target = emptyDoc('text/plain');
    target.getText('content').insert(0, 'The quick red fox jumps over the lazy dog!');
    const before = idsOf(live);
    reconcile(live, target, 'text/plain');
    const kept = idsOf(live).filter((id) => before.includes(id));
    expect(kept.length).toBeGreaterThan(35);
  });

  test('keeps blocks that did not change, and changes the others in their place', () => {
    const live = emptyDoc(RICH_TEXT);
    const xml = live.getXmlFragment('default');
    const paragraph = (text: string): Y.XmlElement => {
      const element = new Y.XmlElement('paragraph');
      element.insert(0, [new Y.XmlText(text)]);
      return element;
    };
    xml.insert(0, [paragraph('first'), paragraph('second'), paragraph('third')]);
    const target = copyOf(live, RICH_TEXT);
    const [first, second] = xml.toArray();
    const text = second instanceof Y.XmlElement ? second.get(0) : undefined;
    if (text instanceof Y.XmlText) text.insert(0, 'not the ');
    xml.delete(2, 1);
    xml.insert(0, [paragraph('new')]);
    reconcile(live, target, RICH_TEXT);
    expect(xml.toArray().slice(0, 2)).toEqual([first, second]);
    expect(second instanceof Y.XmlElement && second.get(0) === text).toBe(true);
    expect(xml.toString()).toBe(target.getXmlFragment('default').toString());
  });
});
