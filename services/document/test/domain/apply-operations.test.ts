import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Applied, applyOperations } from '../../domain/apply-operations.ts';
import type { ContentType } from '../../domain/content-types.ts';
import type { Operation } from '../../domain/operation.ts';
import { project } from '../../domain/projection.ts';
import { emptyDoc } from '../../domain/shared-types.ts';

const insert = (index: number, text: string): Operation => ({
  kind: 'textInsert',
  path: ['content'],
  at: { index },
  text,
  attributes: null,
});
const remove = (index: number, length: number, expected: string | null = null): Operation => ({
  kind: 'textDelete',
  path: ['content'],
  at: { index },
  length,
  expect: expected,
});
const raw = (update: Uint8Array, encoding: 'V1' | 'V2' = 'V1'): Operation => ({ kind: 'yjsUpdate', update, encoding });
const set = (key: string, value: unknown, ifAbsent = false): Operation => ({
  kind: 'mapSet',
  path: ['data'],
  key,
  value,
  ifAbsent,
});

const textDoc = (text = ''): Y.Doc => {
  const doc = emptyDoc('text/plain');
  if (text !== '') doc.getText('content').insert(0, text);
  return doc;
};
const apply = (doc: Y.Doc, operations: readonly Operation[], contentType: ContentType = 'text/plain'): Applied =>
  applyOperations(doc, contentType, operations);
const textOf = (doc: Y.Doc): string => doc.getText('content').toString();
const refused = (reason: string, index: number, pointer: string) =>
  expect.objectContaining({ name: 'OperationRefused', reason, index, pointer });

describe('text operations', () => {
  test('count places in what the operations before have left', () => {
    const doc = textDoc('Hello');
    const { applied, projection } = apply(doc, [insert(5, ' world'), remove(0, 5, 'Hello'), insert(0, 'Goodbye')]);
    expect([applied, textOf(doc), projection.text]).toEqual([3, 'Goodbye world', 'Goodbye world']);
  });

  test('become one update that brings another copy to the same state', () => {
    const doc = textDoc('Hello');
    const copy = textDoc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    const { update } = apply(doc, [insert(5, '!'), remove(0, 1), insert(0, 'J')]);
    Y.applyUpdate(copy, update ?? new Uint8Array());
    expect(textOf(copy)).toBe('Jello!');
    expect(Y.encodeStateVector(copy)).toEqual(Y.encodeStateVector(doc));
  });

  test('format a range and take attributes away', () => {
    const doc = textDoc('Hello world');
    const format = (attributes: object): Operation => ({
      kind: 'textFormat',
      path: ['content'],
      at: { index: 0 },
      length: 5,
      attributes: attributes as Record<string, unknown>,
    });
    apply(doc, [format({ bold: true })], 'text/markdown');
    expect(doc.getText('content').toDelta()).toEqual([
      { insert: 'Hello', attributes: { bold: true } },
      { insert: ' world' },
    ]);
    apply(doc, [format({ bold: null })], 'text/markdown');
    expect(doc.getText('content').toDelta()).toEqual([{ insert: 'Hello world' }]);
  });

  test('with a relative place follow the characters that others have moved', () => {
    const doc = textDoc('Hello world');
    const position = Y.createRelativePositionFromTypeIndex(doc.getText('content'), 6);
    const relative = Y.encodeRelativePosition(position);
    doc.getText('content').insert(0, 'Oh! ');
    apply(doc, [{ kind: 'textInsert', path: ['content'], at: { relative }, text: 'big ', attributes: null }]);
    expect(textOf(doc)).toBe('Oh! Hello big world');
  });

  test.each([
    [insert(6, 'x'), '/textInsert/at/index'],
    [insert(-1, 'x'), '/textInsert/at/index'],
    [insert(0.5, 'x'), '/textInsert/at/index'],
    [insert(0, '\ud800'), '/textInsert/text'],
    [remove(3, 3), '/textDelete/length'],
    [remove(0, -1), '/textDelete/length'],
    [{ ...insert(0, 'x'), path: ['other'] } as Operation, '/textInsert/path/0'],
    [{ ...insert(0, 'x'), path: ['__proto__'] } as Operation, '/textInsert/path/0'],
    [{ ...insert(0, 'x'), path: ['content', 'deeper'] } as Operation, '/textInsert/path/1'],
    [{ ...insert(0, 'x'), at: { relative: new Uint8Array([9, 9, 9]) } } as Operation, '/textInsert/at/relative'],
    [set('a', 1), '/mapSet/path/0'],
    [{ kind: 'mapDelete', path: ['content'], key: 'a' } as Operation, '/mapDelete/path'],
  ])('that cannot be done are refused with their place: %j', (operation, pointer) => {
    const attempt = () => apply(textDoc('Hello'), [insert(0, ''), operation]);
    expect(attempt).toThrow(refused('invalid', 1, pointer));
  });

  test('never cut a surrogate pair in two', () => {
    const doc = textDoc('a😀b');
    for (const operation of [insert(2, 'x'), remove(2, 1), remove(1, 1)]) {
      expect(() => apply(doc, [operation])).toThrow(/surrogate pair/);
    }
    apply(doc, [remove(1, 2, '😀')]);
    expect(textOf(doc)).toBe('ab');
  });

  test('that expect something else to stand there conflict', () => {
    expect(() => apply(textDoc('Hello'), [remove(0, 2, 'Ha')])).toThrow(refused('conflict', 0, '/textDelete/expect'));
  });
});

describe('map operations', () => {
  test('set, keep and delete keys', () => {
    const doc = emptyDoc('application/json');
    const value = { list: [1, 'two', null], deep: { yes: true } };
    const done = apply(doc, [set('a', value), set('a', 2, true), set('b', null), set('c', 1)], 'application/json');
    expect(done.applied).toBe(3);
    apply(doc, [{ kind: 'mapDelete', path: ['data'], key: 'c' }], 'application/json');
    expect(project(doc, 'application/json')).toEqual({
      roots: { data: { a: value, b: null } },
      text: JSON.stringify({ a: value, b: null }),
    });
  });

  test('go into maps that clients have nested', () => {
    const client = new Y.Doc();
    const nested = new Y.Map();
    client.getMap('data').set('inner', nested);
    nested.set('title', new Y.Text('Hello'));
    const doc = emptyDoc('application/json');
    apply(
      doc,
      [
        raw(Y.encodeStateAsUpdate(client)),
        { kind: 'mapSet', path: ['data', 'inner'], key: 'n', value: 1, ifAbsent: false },
        { ...insert(5, '!'), path: ['data', 'inner', 'title'] } as Operation,
      ],
      'application/json',
    );
    expect(project(doc, 'application/json').roots).toEqual({ data: { inner: { n: 1, title: 'Hello!' } } });
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], ['\udc00'], [{ '\ud800': 1 }], [undefined], [10n]])(
    'refuse %s',
    (value) => {
      expect(() => apply(emptyDoc('application/json'), [set('a', value)], 'application/json')).toThrow(
        refused('invalid', 0, '/mapSet/value'),
      );
    },
  );
});

describe('raw updates', () => {
  const client = (text: string): Y.Doc => {
    const doc = new Y.Doc();
    doc.getText('content').insert(0, text);
    return doc;
  };

  test('of both encodings are taken', () => {
    for (const [update, encoding] of [
      [Y.encodeStateAsUpdate(client('one')), 'V1'],
      [Y.encodeStateAsUpdateV2(client('one')), 'V2'],
    ] as const) {
      const doc = textDoc();
      expect(apply(doc, [raw(update, encoding)]).projection.text).toBe('one');
    }
  });

  test('that are known already change nothing', () => {
    const update = Y.encodeStateAsUpdate(client('one'));
    const doc = textDoc();
    apply(doc, [raw(update)]);
    expect(apply(doc, [raw(update)]).update).toBeNull();
  });

  test('that build on unseen ones are refused, unless these come in the same call', () => {
    const writer = client('one');
    const first = Y.encodeStateAsUpdate(writer);
    const vector = Y.encodeStateVector(writer);
    writer.getText('content').insert(3, ' two');
    const second = Y.encodeStateAsUpdate(writer, vector);
    expect(() => apply(textDoc(), [insert(0, 'x'), raw(second)])).toThrow(
      refused('missing_dependencies', 1, '/yjsUpdate/update'),
    );
    expect(apply(textDoc(), [raw(second), raw(first)]).projection.text).toBe('one two');
  });

  test('beside other operations leave these to the client of the call', () => {
    const doc = textDoc();
    const { clientID } = doc;
    const { update } = apply(doc, [raw(Y.encodeStateAsUpdate(client('one'))), insert(3, ' two')]);
    expect(doc.clientID).toBe(clientID);
    expect(Y.decodeStateVector(Y.encodeStateVectorFromUpdate(update ?? new Uint8Array())).get(clientID)).toBe(4);
  });

  test('that delete what was never seen are refused', () => {
    const writer = client('one');
    const vector = Y.encodeStateVector(writer);
    writer.getText('content').delete(0, 1);
    const deletion = Y.encodeStateAsUpdate(writer, vector);
    expect(() => apply(textDoc(), [raw(deletion)])).toThrow(refused('missing_dependencies', 0, '/yjsUpdate/update'));
  });

  test('cut off anywhere are refused', () => {
    const update = Y.encodeStateAsUpdate(client('Hello world'));
    for (let length = 0; length < update.length; length += 1) {
      expect(() => apply(textDoc(), [raw(update.slice(0, length))])).toThrow(
        refused('invalid', 0, '/yjsUpdate/update'),
      );
    }
  });

  test('of random bytes never leave anything but a refusal or a readable document', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('V1' as const, 'V2' as const),
        (bytes, encoding) => {
          try {
            apply(textDoc('x'), [raw(bytes, encoding)]);
          } catch (error) {
            expect((error as Error).name).toBe('OperationRefused');
          }
        },
      ),
      runs(250),
    );
  });

  const written: readonly [string, ContentType, (doc: Y.Doc) => void][] = [
    ['another root', 'text/plain', (doc) => doc.getText('other').insert(0, 'x')],
    ['a map where the text is', 'text/plain', (doc) => doc.getMap('content').set('a', 1)],
    ['a list where the text is', 'text/plain', (doc) => doc.getArray('content').push([1])],
    ['an embed in the text', 'text/plain', (doc) => doc.getText('content').insertEmbed(0, { image: 1 })],
    ['elements where the text is', 'text/plain', (doc) => doc.getXmlFragment('content').push([new Y.XmlElement('p')])],
    ['a text where the map is', 'application/json', (doc) => doc.getText('data').insert(0, 'x')],
    ['bytes in a map', 'application/json', (doc) => doc.getMap('data').set('a', new Uint8Array([1]))],
    ['a big integer in a map', 'application/json', (doc) => doc.getMap('data').set('a', 10n)],
    ['a number that is none', 'application/json', (doc) => doc.getMap('data').set('a', Number.NaN)],
    ['a document in a map', 'application/json', (doc) => doc.getMap('data').set('a', new Y.Doc())],
  ];
  test.each(written)('that write %s are refused', (_what, contentType, write) => {
    const doc = new Y.Doc();
    write(doc);
    expect(() => apply(emptyDoc(contentType), [raw(Y.encodeStateAsUpdate(doc))], contentType)).toThrow(
      refused('invalid', 0, '/yjsUpdate/update'),
    );
  });

  test('with characters that the database cannot hold stay whole in the log and readable in the copy', () => {
    const doc = textDoc();
    expect(apply(doc, [raw(Y.encodeStateAsUpdate(client('a\0b')))]).projection.text).toBe('a\uFFFDb');
    expect(textOf(doc)).toBe('a\0b');
  });
});

describe('properties', () => {
  const words = fc.constantFrom('a', 'bc', '😀', 'déjà', '\n', ' ');
  const edit = fc.record({ at: fc.nat(), length: fc.nat({ max: 4 }), text: words, isInsert: fc.boolean() });

  test('operations do what the same edits do to a document directly', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const [doc, direct] = [textDoc('Hello world'), new Y.Doc()];
        direct.getText('content').insert(0, 'Hello world');
        for (const { at, length, text, isInsert } of edits) {
          const target = direct.getText('content');
          const index = at % (target.length + 1);
          const range = Math.min(length, target.length - index);
          const operation = isInsert ? insert(index, text) : remove(index, range);
          try {
            apply(doc, [operation]);
          } catch (error) {
            expect((error as Error).message).toContain('surrogate pair');
            continue;
          }
          if (isInsert) target.insert(index, text);
          else target.delete(index, range);
        }
        expect(textOf(doc)).toBe(direct.getText('content').toString());
      }),
    );
  });

  test('updates of several writers converge in every order and however often they come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (writers, choices) => {
          const base = Y.encodeStateAsUpdate(textDoc('shared text'));
          const updates = writers.flatMap((edits) => {
            const doc = emptyDoc('text/plain');
            Y.applyUpdate(doc, base);
            return edits.flatMap(({ at, length, text, isInsert }) => {
              const index = at % (doc.getText('content').length + 1);
              const range = Math.min(length, doc.getText('content').length - index);
              try {
                return [apply(doc, [isInsert ? insert(index, text) : remove(index, range)]).update ?? []];
              } catch {
                return [];
              }
            });
          });
          const seen = updates.filter((update) => update instanceof Uint8Array);
          const inOrder = textDoc();
          for (const update of [base, ...seen]) Y.applyUpdate(inOrder, update);
          const shuffled = textDoc();
          const next = () => Number(choices.next().value);
          const bag = [base, ...seen, ...seen.filter(() => next() % 2 === 0)];
          while (bag.length > 0) Y.applyUpdate(shuffled, bag.splice(next() % bag.length, 1)[0] as Uint8Array);
          expect(textOf(shuffled)).toBe(textOf(inOrder));
          expect(Y.encodeStateVector(shuffled)).toEqual(Y.encodeStateVector(inOrder));
        },
      ),
      runs(30),
    );
  });
});
