import { describe, expect, test } from 'vitest';
import { services } from '../../apps/server/registry.ts';

/** A schema as far as these tests look into it. */
interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
}

const routes = services.flatMap(({ routes: declared }) => declared);
const namesOf = (schema: ObjectSchema | undefined): readonly string[] => Object.keys(schema?.properties ?? {});

/** One line of a menu. */
const SUMMARY_CHARS_MAX = 45;
/** What an operation does, in the words that the API has for it. */
const VERBS =
  /^(Add|Answer|Apply|Change|Check|Comment|Compare|Create|Delete|Edit|Erase|Export|Get|List|Log|Merge|Open|Refresh|Register|Remove|Rename|Reroll|Resolve|Restore|Revoke|Set|Sign|Switch|Undo|Update) /;

test('there are routes', () => expect(routes.length).toBeGreaterThan(40));

test('every operationId is in camel case and names one operation of the platform', () => {
  const ids = routes.map(({ operationId }) => operationId);
  expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)*$/.test(id))).toEqual([]);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (_id, route) => {
  test('has a summary that is short and begins with what it does', () => {
    expect(route.summary).toMatch(VERBS);
    expect(route.summary).not.toMatch(/[.;:]/);
    expect(route.summary.length).toBeLessThanOrEqual(SUMMARY_CHARS_MAX);
  });

  test('says the rest in sentences', () => {
    if (route.description !== undefined) expect(route.description).toMatch(/^[A-Z`].*\.$/s);
  });

  test('has an example for what it takes', () => {
    const { params, body } = route.example;
    expect(Object.keys(params ?? {}).toSorted()).toEqual(namesOf(route.params as ObjectSchema).toSorted());
    expect(body !== undefined).toBe(route.body !== undefined);
  });

  test('pages as every other list does', () => {
    const query = route.query as ObjectSchema | undefined;
    const answer = route.response.schema as ObjectSchema | undefined;
    const isPaged = namesOf(answer).includes('pagination');
    expect(
      namesOf(query).filter((name) => /^(first|last|before|offset|page|page_?size|per_?page)$/i.test(name)),
    ).toEqual([]);
    expect(namesOf(query).includes('cursor')).toBe(isPaged);
    if (!isPaged) return;
    expect(namesOf(query)).toContain('limit');
    expect(namesOf(answer)).toEqual(['data', 'pagination']);
    expect(namesOf(answer?.properties?.['pagination'])).toEqual(['nextCursor', 'limit']);
  });
});
