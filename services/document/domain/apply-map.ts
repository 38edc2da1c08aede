import * as Y from 'yjs';
import { checklistInputProblem, checklistValueProblem } from './checklist.ts';
import { CHECKLIST } from './content-types.ts';
import { mapAt, refuse, type Target } from './find-target.ts';
import { isPlainObject, jsonProblem } from './json-value.ts';
import type { OperationOf } from './operation.ts';

/** Sets a key of a map. @returns false when it was there and should stay. */
export function setKey(target: Target, operation: OperationOf<'mapSet'>): boolean {
  const at = '/mapSet';
  const map = mapAt(target, operation.path, at);
  const { key, value } = operation;
  const problem = jsonProblem(value) ?? (isChecklist(target) ? partProblem(key, value) : null);
  if (problem !== null) throw refuse(target, `${at}/value`, problem);
  if (!key.isWellFormed()) throw refuse(target, `${at}/key`, 'holds half of a surrogate pair');
  if (operation.ifAbsent && map.has(key)) return false;
  if (isChecklist(target) && key === 'text') map.set(key, new Y.Text(String(value)));
  else map.set(key, operation.shared ? sharedOf(value) : value);
  return true;
}

/** Deletes a key of a map, whether or not it is there. */
export function deleteKey(target: Target, operation: OperationOf<'mapDelete'>): boolean {
  const map = mapAt(target, operation.path, '/mapDelete');
  const isNeeded = isChecklist(target) && ['id', 'text', 'done'].includes(operation.key);
  if (isNeeded) throw refuse(target, '/mapDelete/key', 'is a part that every item has');
  map.delete(operation.key);
  return true;
}

/** An item of a checklist as a caller gives it. @throws OperationRefused @param pointer Where it was given. */
export function checklistItemOf(target: Target, value: unknown, id: string, pointer: string): Y.Map<unknown> {
  const problem = checklistInputProblem(value);
  if (problem !== null) throw refuse(target, `${pointer}${problem.pointer}`, problem.message);
  const { text, ...rest } = value as Readonly<Record<string, unknown>>;
  const item = new Y.Map<unknown>();
  for (const [key, member] of Object.entries({ id, done: false, ...rest })) item.set(key, member);
  item.set('text', new Y.Text(String(text)));
  return item;
}

const isChecklist = ({ contentType }: Target): boolean => contentType === CHECKLIST;

function partProblem(key: string, value: unknown): string | null {
  if (key === 'text') return typeof value === 'string' ? null : 'must be a text';
  return checklistValueProblem(key, value);
}

/** A value with its objects and lists as shared types. */
export function sharedOf(value: unknown): unknown {
  if (Array.isArray(value)) return listOf(value.map(sharedOf));
  if (!isPlainObject(value)) return value;
  return new Y.Map(Object.entries(value).map(([key, member]): [string, unknown] => [key, sharedOf(member)]));
}

function listOf(values: unknown[]): Y.Array<unknown> {
  const list = new Y.Array<unknown>();
  list.push(values);
  return list;
}
