import { expect, test } from 'vitest';
import { addressPrefix } from '../../domain/address.ts';

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1234:5678::1', '2001:db8:1234::/48'],
  ['2001:0db8:0000:5678:0:0:0:1', '2001:db8:0::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::', 'fe80:0:0::/48'],
  [null, ''],
  ['unix:', ''],
  ['', ''],
])('%s is in %s', (address, prefix) => {
  expect(addressPrefix(address)).toBe(prefix);
});
