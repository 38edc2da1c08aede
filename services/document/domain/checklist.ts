import { isPlainObject } from './json-value.ts';

/** Something to do, as it is shown. */
export interface ChecklistItem {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
  /** Id of a person. */
  readonly assigneeId?: string;
  /** `2026-11-23`. */
  readonly dueOn?: string;
}

const ID_CHARS_MAX = 64;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (value: string): boolean => {
  const date = new Date(`${value}T00:00:00Z`);
  return DAY.test(value) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
};

/** What plain values of an item must be, by their key; `text` is a shared text and not among them. */
const VALUES: Readonly<Record<string, { readonly must: string; readonly holds: (value: unknown) => boolean }>> = {
  id: {
    must: `be a text of 1 to ${ID_CHARS_MAX} characters`,
    holds: (value) => typeof value === 'string' && value.length > 0 && value.length <= ID_CHARS_MAX,
  },
  done: { must: 'be true or false', holds: (value) => typeof value === 'boolean' },
  assigneeId: {
    must: 'be the id of a person or null',
    holds: (value) => value === null || (typeof value === 'string' && UUID.test(value)),
  },
  dueOn: {
    must: 'be a day such as 2026-11-23 or null',
    holds: (value) => value === null || (typeof value === 'string' && isDay(value)),
  },
};

/** What is wrong with a plain value of an item, or null. */
export function checklistValueProblem(key: string, value: unknown): string | null {
  const rule = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
  if (rule === undefined) return 'is not a part of an item: those are id, text, done, assigneeId and dueOn';
  return rule.holds(value) ? null : `must ${rule.must}`;
}

/** What is wrong with an item as a caller gives it, or null: only `text` has to be there. */
export function checklistInputProblem(value: unknown): { readonly pointer: string; readonly message: string } | null {
  if (!isPlainObject(value)) return { pointer: '', message: 'must be an object with a text' };
  for (const [key, member] of Object.entries(value)) {
    if (key === 'text') continue;
    const message = checklistValueProblem(key, member);
    if (message !== null) return { pointer: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, message };
  }
  const isText = typeof value['text'] === 'string' && value['text'].isWellFormed();
  return isText ? null : { pointer: '/text', message: 'must be a text' };
}
