import type { FormProblems } from '@candlefish/ui';
import { ApiError } from '@candlefish/web-graphql';

/** Refusals in the words of the console, where the API's own are meant for programs. */
const WORDS: Readonly<Record<string, string>> = {
  ACCOUNT_DISABLED: 'This account is disabled. Ask the owner of the company to enable it.',
  ALREADY_UNDONE: 'This change was undone already. To have it back, undo the undoing.',
  BRANCH_DIVERGED: 'The branch and the document have grown apart and cannot be merged. Copy what you need by hand.',
  CONFLICT: 'Somebody was faster. Look again, then repeat it.',
  DOCUMENT_TOO_LARGE: 'The document would become larger than a document may be.',
  EMAIL_TAKEN: 'There is an account with this address already. Sign in instead.',
  FORBIDDEN: 'Your role does not allow this.',
  HISTORY_GONE: 'That long ago is no longer known in detail. Compare with a version instead.',
  INTERNAL: 'Something failed on our side. Try again in a moment.',
  INVALID_CREDENTIALS: 'The address or the password is wrong.',
  NOT_FOUND: 'This is no longer there, or you may not see it.',
  RATE_LIMITED: 'Too many tries. Wait a minute, then try again.',
  SHARE_LINK_EXPIRED: 'The time of this link is over. Ask whoever sent it to you for another one.',
  SHARE_LINK_UNKNOWN: 'It was taken back, or a part of it is missing.',
  SHARE_LINK_USED_UP: 'It was opened as often as it may be. Ask whoever sent it to you for another one.',
  SHARE_PASSWORD_WRONG: 'The password is wrong.',
  TOO_MANY_VERSIONS: 'There are as many named versions as there may be. Delete one first.',
  UNAUTHENTICATED: 'Your session has ended. Sign in again.',
  UNAVAILABLE: 'The platform is busy or restarting. Try again in a moment.',
};

/** A failure in words for people. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return WORDS[error.code] ?? error.message;
  return 'Something went wrong in this page. Reload it and try again.';
}

/** A failure of a form: what belongs to a field stands at the field. */
export function explainForm(error: unknown): FormProblems {
  if (!(error instanceof ApiError)) return { fields: {}, whole: explain(error) };
  const named = error.problems.map(
    ({ pointer, message }) => [pointer.split('/').at(-1) ?? '', sentence(message)] as const,
  );
  const fields = Object.fromEntries(named.filter(([name]) => name !== ''));
  return Object.keys(fields).length > 0 ? { fields, whole: null } : { fields: {}, whole: explain(error) };
}

/** The API's messages begin small and end without a stop. */
function sentence(text: string): string {
  const capital = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
