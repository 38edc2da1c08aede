import { platformErrors } from '@candlefish/kit/errors';
import { normalizeEmail } from '../domain/email.ts';
import { passwordProblem } from '../domain/password.ts';

/** The address in the form it is stored in. @throws AppError VALIDATION_FAILED */
export function emailOf(text: string): string {
  const email = normalizeEmail(text);
  if (email === null) throw invalid('/email', 'is not an e-mail address');
  return email;
}

/** A name without spaces around it. @throws AppError VALIDATION_FAILED when nothing is left. */
export function nameOf(text: string, pointer: string, charsMax: number): string {
  const name = textOf(text, pointer, charsMax).trim();
  if (name === '') throw invalid(pointer, `must have 1 to ${charsMax} characters`);
  return name;
}

/** One line of text. @throws AppError VALIDATION_FAILED when it is too long or holds control characters. */
export function textOf(text: string, pointer: string, charsMax: number): string {
  if (text.length > charsMax) throw invalid(pointer, `must have at most ${charsMax} characters`);
  if (/\p{Cc}/u.test(text)) throw invalid(pointer, 'must not hold control characters');
  return text;
}

/** @throws AppError VALIDATION_FAILED when the password is too easy to guess. */
export function checkPassword(password: string, email: string): void {
  const problem = passwordProblem(password, email);
  if (problem !== null) throw invalid('/password', problem);
}

/** A refusal that names one field. */
export const invalid = (pointer: string, message: string) =>
  platformErrors.validationFailed({ fields: [{ pointer, message }] });
