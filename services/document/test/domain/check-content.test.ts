import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type ContentProblem, checkChanged, checkContent } from '../../domain/check-content.ts';
import { CHECKLIST, CONTENT_TYPES, type ContentType, RICH_TEXT } from '../../domain/content-types.ts';
import { project } from '../../domain/projection.ts';
import { sharedNodesOf } from '../../domain/rich-nodes.ts';
import { emptyDoc } from '../../domain/shared-types.ts';
import { richDocument } from './rich-text-arbitrary.ts';

/** What the incremental check says about the transactions of an update, and the full check about what it left. */
function judged(doc: Y.Doc, contentType: ContentType, update: Uint8Array): readonly (ContentProblem | null)[] {
  const transactions: Y.Transaction[] = [];
  const note = (transaction: Y.Transaction): void => void transactions.push(transaction);
  doc.on('afterTransaction', note);
  Y.applyUpdate(doc, update);
  doc.off('afterTransaction', note);
  const changed = transactions.map((transaction) => checkChanged(transaction, contentType)).find((problem) => problem);
  return [changed ?? null, checkContent(doc, contentType)];
}

/** Anything that a client could write, right or wrong, chosen by numbers. */
const STROKES: readonly ((doc: Y.Doc, choose: (max: number) => number) => void)[] = [
  (doc, choose) => insertText(doc.getText('content'), choose),
  (doc, choose) => doc.getText('content').insertEmbed(choose(doc.getText('content').length + 1), { image: 1 }),
  (doc) => doc.getMap('content').set('key', 1),
  (doc, choose) => insertText(doc.getText('other'), choose),
  (doc, choose) => void doc.getMap('data').set(KEYS[choose(KEYS.length)] ?? '', VALUES[choose(VALUES.length)]?.()),
  (doc, choose) => within(doc.getMap('data'), choose),
  (doc) => doc.getArray('data').push([1]),
  (doc, choose) => doc.getArray('items').insert(choose(doc.getArray('items').length + 1), [itemOf(choose)]),
  (doc, choose) => within(doc.getArray('items').get(choose(Math.max(1, doc.getArray('items').length))), choose),
  (doc, choose) => remove(doc.getArray('items'), choose),
  (doc, choose) => void doc.getXmlFragment('default').insert(0, [elementOf(choose)]),
  (doc, choose) => element(doc, choose)?.insert(0, [choose(2) === 0 ? elementOf(choose) : runOf(choose)]),
  (doc, choose) =>
    element(doc, choose)?.setAttribute(NAMES[choose(NAMES.length)] ?? '', VALUES[choose(6)]?.() as string),
  (doc, choose) => element(doc, choose)?.removeAttribute(NAMES[choose(NAMES.length)] ?? ''),
  (doc, choose) => format(element(doc, choose)?.get(0), choose),
  (doc, choose) => remove(doc.getXmlFragment('default'), choose),
];

const KEYS = ['id', 'text', 'done', 'dueOn', 'a', 'b'];
const NAMES = ['level', 'checked', 'src', 'href', 'language', 'class'];
const ELEMENTS = ['paragraph', 'heading', 'bulletList', 'listItem', 'codeBlock', 'image', 'mention', 'script'];
const VALUES: readonly (() => unknown)[] = [
  () => 1,
  () => 'https://a.example',
  () => 'javascript:x',
  () => true,
  () => null,
  () => '2026-11-23',
  () => Number.NaN,
  () => new Uint8Array([1]),
  () => ({ deep: [1, { x: null }] }),
  () => new Y.Map([['a', 1]]),
  () => new Y.Array(),
  () => new Y.Text('t'),
  () => new Y.XmlText('t'),
  () => new Y.XmlElement('p'),
];

function insertText(text: Y.Text, choose: (max: number) => number): void {
  text.insert(choose(text.length + 1), 'word', choose(2) === 0 ? {} : { bold: choose(2) === 0 ? true : {} });
}

function itemOf(choose: (max: number) => number): unknown {
  if (choose(5) === 0) return VALUES[choose(VALUES.length)]?.();
  const item = new Y.Map<unknown>();
  item.set('id', 'i');
  item.set('text', choose(6) === 0 ? 'plain' : new Y.Text('to do'));
  if (choose(6) > 0) item.set('done', false);
  return item;
}

function elementOf(choose: (max: number) => number): Y.XmlElement {
  const made = new Y.XmlElement(ELEMENTS[choose(ELEMENTS.length)]);
  if (choose(3) === 0) made.setAttribute(NAMES[choose(NAMES.length)] ?? '', VALUES[choose(6)]?.() as string);
  if (choose(2) === 0) made.insert(0, [runOf(choose)]);
  return made;
}

function runOf(choose: (max: number) => number): Y.XmlText {
  const run = new Y.XmlText();
  run.insert(
    0,
    'run',
    [{}, { bold: {} }, { bold: true }, { link: { href: 'javascript:x' } }, { colour: {} }][choose(5)] ?? {},
  );
  return run;
}

function within(value: unknown, choose: (max: number) => number): void {
  if (value instanceof Y.Map) {
    const inner = [...value.values()].filter((member) => member instanceof Y.AbstractType);
    const next = inner[choose(Math.max(1, inner.length))];
    if (next !== undefined && choose(2) === 0) within(next, choose);
    else if (choose(4) === 0) value.delete(KEYS[choose(KEYS.length)] ?? '');
    else value.set(KEYS[choose(KEYS.length)] ?? '', VALUES[choose(VALUES.length)]?.());
  } else if (value instanceof Y.Array) value.insert(0, [VALUES[choose(VALUES.length)]?.()]);
  else if (value instanceof Y.Text && !(value instanceof Y.XmlText)) insertText(value, choose);
}

function element(doc: Y.Doc, choose: (max: number) => number): Y.XmlElement | undefined {
  const fragment = doc.getXmlFragment('default');
  const child = fragment.length === 0 ? undefined : fragment.get(choose(fragment.length));
  if (!(child instanceof Y.XmlElement)) return undefined;
  const inner = child.length > 0 && choose(2) === 0 ? child.get(choose(child.length)) : undefined;
  return inner instanceof Y.XmlElement ? inner : child;
}

function format(child: unknown, choose: (max: number) => number): void {
  if (child instanceof Y.XmlText && child.length > 0)
    child.format(0, 1, { [['bold', 'code', 'x'][choose(3)] ?? '']: {} });
}

function remove(list: Y.Array<unknown> | Y.XmlFragment, choose: (max: number) => number): void {
  if (list.length > 0) list.delete(choose(list.length), 1);
}

/** Roots that a stroke may begin with, as a client of this content type has them typed. */
const ROOTS = {
  'text/plain': [0, 1, 2, 3],
  'text/markdown': [0, 1, 2, 3],
  'application/json': [4, 5, 5, 6, 3],
  [RICH_TEXT]: [10, 11, 12, 13, 14, 15],
  [CHECKLIST]: [7, 8, 9, 8],
} as const satisfies Record<ContentType, readonly number[]>;

describe.each(Object.keys(CONTENT_TYPES) as ContentType[])('what was written into %s', (contentType) => {
  test('is judged alike by itself and with everything else, update by update', () => {
    let refused = 0;
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 1_000 }), { minLength: 8, maxLength: 8 }), { maxLength: 14 }),
        (strokes) => {
          let committed = emptyDoc(contentType);
          for (const numbers of strokes) {
            const client = emptyDoc(contentType);
            Y.applyUpdate(client, Y.encodeStateAsUpdate(committed));
            const vector = Y.encodeStateVector(client);
            const choose = (max: number): number => (numbers.shift() ?? 0) % max;
            const roots = ROOTS[contentType];
            try {
              client.transact(() => STROKES[roots[choose(roots.length)] ?? 0]?.(client, choose));
            } catch {
              // The client's own types refuse some strokes: a root of another kind.
              continue;
            }
            const before = Y.encodeStateAsUpdate(committed);
            const [changed, whole] = judged(committed, contentType, Y.encodeStateAsUpdate(client, vector));
            expect(changed === null).toBe(whole === null);
            if (whole === null) {
              taken += 1;
              // Whatever is taken can be shown.
              project(committed, contentType);
              continue;
            }
            refused += 1;
            committed = emptyDoc(contentType);
            Y.applyUpdate(committed, before);
          }
        },
      ),
      runs(150),
    );
    // Both answers were given often, so neither is given always.
    expect(Math.min(refused, taken)).toBeGreaterThan(40);
  });
});

test('two contents that are right stay right when they are merged', () => {
  fc.assert(
    fc.property(richDocument, richDocument, richDocument, (base, one, other) => {
      const start = emptyDoc(RICH_TEXT);
      start.getXmlFragment('default').insert(0, [...sharedNodesOf(base.content ?? [])]);
      const written = [one, other].map(({ content = [] }) => {
        const doc = emptyDoc(RICH_TEXT);
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(start));
        const fragment = doc.getXmlFragment('default');
        fragment.delete(0, Math.ceil(fragment.length / 2));
        fragment.insert(0, [...sharedNodesOf(content)]);
        return Y.encodeStateAsUpdate(doc);
      });
      for (const update of written) Y.applyUpdate(start, update);
      expect(checkContent(start, RICH_TEXT)).toBeNull();
    }),
    runs(25),
  );
});
