import fastJsonStringify from 'fast-json-stringify';
import { isAppError } from '../errors/index.ts';
import type { Route } from './route.ts';
import { bodySchemaOf, querySchemaOf } from './route-schemas.ts';
import { checkSchema, type InputPart, partValidator } from './validation.ts';

/**
 * What is wrong with a route as it is declared: schemas that do not compile, examples that do not fit them, path
 * parameters without a schema. The server compiles at the first use, so this is where mistakes show before.
 */
export function checkRoute(route: Route): readonly string[] {
  const problems: string[] = [];
  const note = (what: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      const fields = isAppError(error)
        ? error.fields.map(({ pointer, message }) => `${pointer} ${message}`)
        : [String(error)];
      problems.push(`${route.operationId}: ${what}: ${fields.join(', ')}`);
    }
  };
  const check = (part: InputPart, schema: object, example: unknown): void =>
    note(part, () => {
      checkSchema(schema);
      partValidator(part, schema)(structuredClone(example));
    });
  const { params, body, response, example } = route;
  if (params !== undefined) check('params', params, example.params ?? {});
  check('query', querySchemaOf(route), example.query ?? {});
  if (body !== undefined) check('body', bodySchemaOf(route), example.body);
  if (response.schema !== undefined) {
    note('answer', () => {
      checkSchema(response.schema);
      fastJsonStringify(response.schema);
    });
    if (example.response !== undefined) {
      note('example answer', () => partValidator('body', response.schema)(structuredClone(example.response)));
    }
  }
  const declared = Object.keys((params as { readonly properties?: object } | undefined)?.properties ?? {}).toSorted();
  const named = [...route.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '').toSorted();
  if (declared.join() !== named.join())
    problems.push(`${route.operationId}: the path has ${named}, the schema ${declared}`);
  return problems;
}
