import fc from 'fast-check';
import * as Y from 'yjs';
import { CHECKLIST, type ContentType, RICH_TEXT, rootsOf } from '../../domain/content-types.ts';
import { canonicalOf } from '../../domain/reconcile/values.ts';
import { emptyDoc, rootOf } from '../../domain/shared-types.ts';

/** One step of a random edit: three numbers that each kind of type reads as places and choices. */
export type Step = readonly [number, number, number];

const step: fc.Arbitrary<Step> = fc.tuple(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000));
/** A few random edits. */
export const steps = fc.array(step, { maxLength: 12 });
/** Content types of every kind of root. */
export const contentTypes = fc.constantFrom<ContentType>('text/plain', 'application/json', RICH_TEXT, CHECKLIST);

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

/** Edits all roots of a document. */
export function edit(doc: Y.Doc, contentType: ContentType, all: readonly Step[]): void {
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

/** A second replica of a document. */
export const copyOf = (doc: Y.Doc, contentType: ContentType): Y.Doc => {
  const copy = emptyDoc(contentType);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
};

/** How a document reads, whatever its ids. */
export const reads = (doc: Y.Doc, contentType: ContentType): string =>
  Object.entries(rootsOf(contentType))
    .map(([name, kind]) => canonicalOf(rootOf(doc, name, kind)))
    .join();
