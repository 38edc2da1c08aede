import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeEmail } from '../../domain/email.ts';

describe('an e-mail address', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+x@Example.COM ', 'Ada.Lovelace+x@Example.COM'],
    ["o'hara@example.com", "o'hara@example.com"],
    ['müller@exämple.de', 'müller@exämple.de'],
    // The decomposed form of é becomes one character (UAX #15).
    ['Andre\u0301@example.com', 'André@example.com'],
    ['root@localhost', 'root@localhost'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
  ])('%j is stored as %j', (text, stored) => {
    expect(normalizeEmail(text)).toBe(stored);
  });

  test.each([
    '',
    'a',
    '@example.com',
    'a@',
    'a b@example.com',
    'a@b@c',
    'a@-example.com',
    'a@example-.com',
    'a@.com',
    'a@example..com',
    'a..b@example.com',
    'a\u0000@example.com',
    'a@exa\u0000mple.com',
    'a\r\nBcc: b@example.com',
    '"quoted"@example.com',
    '<a@example.com>',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(130)}com`,
  ])('%j is none', (text) => {
    expect(normalizeEmail(text)).toBeNull();
  });

  test('in its stored form stays as it is, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: 'grapheme' })), (text) => {
        const stored = normalizeEmail(text);
        if (stored !== null) expect(normalizeEmail(stored)).toBe(stored);
      }),
    );
  });
});
