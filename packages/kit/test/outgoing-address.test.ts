import { describe, expect, test } from 'vitest';
import { mayReach } from '../outgoing/index.ts';

const strict = { allowLoopback: false };
const development = { allowLoopback: true };

describe('an address of the public internet may be reached', () => {
  test.each([
    '93.184.216.34',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '2606:2800:220:1:248:1893:25c8:1946',
    '64:ff9b::5db8:d822', // NAT64 of 93.184.216.34
    '::ffff:93.184.216.34',
  ])('%s', (address) => {
    expect(mayReach(address, strict)).toBe(true);
  });
});

// Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries.
describe('any other is refused', () => {
  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '5f00::1',
    'localhost',
    'example.com',
    '',
  ])('%s', (address) => {
    expect(mayReach(address, strict)).toBe(false);
  });
});

test('the development switch lets loopback through and nothing else', () => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1']) {
    expect(mayReach(address, development)).toBe(true);
  }
  for (const address of ['10.0.0.1', '169.254.169.254', '0.0.0.0', '::', 'fd00::1', '64:ff9b::a00:1']) {
    expect(mayReach(address, development)).toBe(false);
  }
});
