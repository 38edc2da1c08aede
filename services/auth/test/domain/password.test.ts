import { describe, expect, test } from 'vitest';
import { passwordProblem, preparePassword } from '../../domain/password.ts';

const problem = (password: string) => passwordProblem(password, 'ada.lovelace@example.com');

describe('a password', () => {
  // NIST SP 800-63B: length and known passwords count, kinds of characters do not.
  test.each([
    'violet tractor sonnet',
    'lowercaseonly',
    '48151623421007',
    'пароль-из-букв',
    '🦑🦐🦞🦀🐙🐚🐠🐟',
    'correct horse battery staple',
    'S3cure-Passw0rd!',
    'a'.repeat(67) + 'b'.repeat(67) + 'c'.repeat(66),
  ])('%j is taken', (password) => {
    expect(problem(password)).toBeNull();
  });

  test.each([
    ['seven77', 'at least 8'],
    ['🦑🦐🦞', 'at least 8'],
    [`${'abc'.repeat(67)}`, 'at most 200'],
    ['aaaaaaaaaaaa', 'too few characters'],
    ['abababababab', 'too few characters'],
    ['password', 'most used'],
    ['PASSWORD', 'most used'],
    ['Password123', 'most used'],
    ['password2024', 'most used'],
    ['qwertyuiop', 'most used'],
    ['12345678', 'most used'],
    ['candlefish123', 'most used'],
    ['ada.lovelace', 'e-mail'],
    ['Ada.Lovelace@example.com', 'e-mail'],
  ])('%j is refused: %s', (password, reason) => {
    expect(problem(password)).toContain(reason);
  });

  test('is the same from keyboards that compose characters differently', () => {
    expect(preparePassword('cafe\u0301 \u2160')).toBe(preparePassword('caf\u00e9 I'));
  });
});
