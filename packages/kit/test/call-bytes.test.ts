import { runs } from '@candlefish/testkit/property-runs';
import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { CallBytes, withBytesForText, withTextForBytes } from '../calls/bytes.ts';
import { faultIn } from '../schema/index.ts';

const Schema = Type.Object({
  name: Type.String(),
  whole: CallBytes('At the top.'),
  parts: Type.Array(Type.Object({ seq: Type.Integer(), part: Type.Optional(CallBytes('In a list.')) })),
});
const isRight = (value: unknown): boolean => faultIn(Schema, value) === null;
const throughJson = (value: unknown): unknown =>
  withBytesForText(Schema, JSON.parse(JSON.stringify(withTextForBytes(Schema, value))));

describe('bytes in calls', () => {
  it('are base64 in JSON, as RFC 4648 writes them', () => {
    const value = { name: 'x', whole: Buffer.from('foobar'), parts: [{ seq: 1, part: Uint8Array.of(0xfb, 0xff) }] };

    expect(withTextForBytes(Schema, value)).toEqual({
      name: 'x',
      whole: 'Zm9vYmFy',
      parts: [{ seq: 1, part: '+/8=' }],
    });
  });

  it('are the same bytes after JSON, wherever they stand', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(fc.option(fc.uint8Array())), (whole, all) => {
        const parts = all.map((part, seq) => (part === null ? { seq } : { seq, part }));
        const value = { name: 'Zm9v', whole, parts };

        const read = throughJson(value) as typeof value;

        expect(isRight(read)).toBe(true);
        expect(read.name).toBe('Zm9v');
        expect([...read.whole]).toEqual([...whole]);
        expect(read.parts.map((one) => ('part' in one ? [...one.part] : null))).toEqual(
          all.map((part) => part && [...part]),
        );
      }),
      runs(50),
    );
  });

  it('of a view are no more than the view', () => {
    const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);

    const read = throughJson({ name: '', whole: view, parts: [] }) as { readonly whole: Uint8Array };

    expect([...read.whole]).toEqual([2, 3]);
  });

  it.each([[null], [7], [{ type: 'Buffer', data: [1] }], [['Zg==']]])('are not made of %j', (whole) => {
    const read = withBytesForText(Schema, { name: '', whole, parts: [] });

    expect(isRight(read)).toBe(false);
  });

  it('and their text are different things within a process', () => {
    expect(isRight({ name: '', whole: 'Zm9v', parts: [] })).toBe(false);
  });

  it('cost a call without them nothing: its values are handed on as they are', () => {
    const value = { name: 'x' };

    expect(withTextForBytes(Type.Object({ name: Type.String() }), value)).toBe(value);
  });
});
