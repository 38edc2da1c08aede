import { isUuid, uuidV7 } from '@candlefish/base/ids';
import { expect, test } from 'vitest';

test('the example of RFC 9562, appendix A.6, comes out', () => {
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuidV7(Date.parse('2022-02-22T19:22:22Z'), random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('version and variant stand whatever the random bytes are, and ids sort by their time', () => {
  const ones = new Uint8Array(10).fill(0xff);
  const early = uuidV7(0, ones);
  const late = uuidV7(2 ** 48 - 1, new Uint8Array(10));
  expect(early).toBe('00000000-0000-7fff-bfff-ffffffffffff');
  expect(late).toBe('ffffffff-ffff-7000-8000-000000000000');
  expect([isUuid(early), isUuid(late), early < late]).toEqual([true, true, true]);
});

test('what is no moment is refused', () => {
  expect(() => uuidV7(-1, new Uint8Array(10))).toThrow(RangeError);
  expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError);
});
