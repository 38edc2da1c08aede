import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { CHECKLIST, type ContentType, RICH_TEXT, rootsOf } from '../../domain/content-types.ts';
import { reconcile } from '../../domain/reconcile/reconcile.ts';
import { canonicalOf } from '../../domain/reconcile/values.ts';
import { visibleRuns } from '../../domain/reconcile/visible-items.ts';
import { emptyDoc, rootOf } from '../../domain/shared-types.ts';

/** One step of a random edit: three numbers that each kind of type reads as places and choices. */
type Step = readonly [number, number, number];

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000));
const steps = fc.array(step, { maxLength: 12 });
const contentTypes = fc.constantFrom<ContentType>('text/plain', 'application/json', RICH_TEXT, CHECKLIST);

const WORDS = ['one ', 'two\n', 'drei', '😀', ' fünf', 'x'];
const word = (n: number): string => WORDS[n % WORDS.length] ?? 'x';

function editText(text: Y.Text, [where, what, how]: Step): void {
  // Between characters, never within a pair of surrogates.
  const places = [0];
  let at = 0;
  for (const character of text.toString()) {
    at += character.length;
    places.push(at);
  }
  const index = places[where % places.length] ?? 0;
  const end = places[Math.min(places.length - 1, places.indexOf(index) + 1 + (how % 6))] ?? index;
  if (what % 5 < 3) text.insert(index, word(how), how % 7 === 0 ? { bold: true } : {});
  else if (what % 5 === 3 && end > index) text.delete(index, end - index);
  else if (end > index) text.format(index, end - index, { bold: how % 2 === 0 ? true : null });
}

function editMap(map: Y.Map<unknown>, step: Step): void {
  const [where, what, how] = step;
  const key = `k${where % 4}`;
  const present = map.get(key);
  if (present instanceof Y.Text && what % 2 === 0) editText(present, [how, where, what]);
  else if (present instanceof Y.Array && what % 2 === 0) editArray(present, [how, where, what]);
  else if (what % 6 === 0) map.delete(key);
  else map.set(key, [how, word(how), new Y.Text(word(how)), Y.Array.from([how, 1, 2]), { a: [how] }][what % 5]);
}

function editArray(array: Y.Array<unknown>, [where, what, how]: Step): void {
  const index = where % (array.length + 1);
  const present = array.get(index);
  if (present instanceof Y.Map && what % 2 === 0) editMap(present, [how, what, where]);
  else if (what % 3 === 0 && index < array.length) array.delete(index, 1);
  else if (what % 3 === 1) array.insert(index, [how, word(how)]);
  else array.insert(index, [new Y.Map<unknown>([['text', new Y.Text(word(how))]])]);
}

function editXml(xml: Y.XmlFragment, [where, what, how]: Step): void {
  const index = where % (xml.length + 1);
  const present = index < xml.length ? xml.get(index) : undefined;
  if (present instanceof Y.XmlText) editText(present, [how, what, where]);
  else if (present instanceof Y.XmlElement && what % 4 === 0) present.setAttribute('level', String(how % 3));
  else if (present instanceof Y.XmlElement && what % 4 === 1) editXml(present, [how, where, what]);
  else if (present !== undefined && what % 4 === 2) xml.delete(index, 1);
  else {
    const element = new Y.XmlElement(['paragraph', 'heading'][how % 2] ?? 'paragraph');
    element.insert(0, [new Y.XmlText(word(how))]);
    xml.insert(index, [element]);
  }
}

function edit(doc: Y.Doc, contentType: ContentType, all: readonly Step[]): void {
  for (const [name, kind] of Object.entries(rootsOf(contentType))) {
    const root = rootOf(doc, name, kind);
    for (const one of all) {
      if (root instanceof Y.Text) editText(root, one);
      else if (root instanceof Y.Map) editMap(root, one);
      else if (root instanceof Y.Array) editArray(root, one);
      else editXml(root, one);
    }
  }
}

const copyOf = (doc: Y.Doc, contentType: ContentType): Y.Doc => {
  const copy = emptyDoc(contentType);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

const reads = (doc: Y.Doc, contentType: ContentType): string =>
  Object.entries(rootsOf(contentType))
    .map(([name, kind]) => canonicalOf(rootOf(doc, name, kind)))
    .join();

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
      { numRuns: 400 },
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
      { numRuns: 300 },
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
      { numRuns: 300 },
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
