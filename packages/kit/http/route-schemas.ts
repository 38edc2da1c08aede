import type { Route } from './route.ts';

interface ObjectSchema {
  readonly type?: unknown;
  readonly additionalProperties?: unknown;
}

/** One for each schema: what is compiled is kept by the identity of the schema. */
const closedSchemas = new WeakMap<object, object>();

/** Unknown members at the top are refused unless the schema says that it takes them. */
function closed(schema: object): object {
  const { type, additionalProperties } = schema as ObjectSchema;
  if (type !== 'object' || additionalProperties !== undefined) return schema;
  const found = closedSchemas.get(schema);
  if (found !== undefined) return found;
  const made = { ...schema, additionalProperties: false };
  closedSchemas.set(schema, made);
  return made;
}

const NO_QUERY = { type: 'object', properties: {}, additionalProperties: false };

/** The query as it is validated and documented; a route without one takes none. */
export const querySchemaOf = (route: Route): object => (route.query === undefined ? NO_QUERY : closed(route.query));

/** The body as it is validated and documented. */
export const bodySchemaOf = (route: Route): object => closed(route.body);

/** `/a/{id}` as the router writes it: `/a/:id`. */
export const routerPath = (path: string): string => path.replaceAll(/\{([^}]+)\}/g, ':$1');

/**
 * Whether the answers of a route carry an `ETag`: as the route says, or when its answer has a whole number `version`.
 */
export function isVersioned(route: Route): boolean {
  if (route.versioned !== undefined) return route.versioned;
  const { properties } = (route.response.schema ?? {}) as { readonly properties?: { readonly version?: ObjectSchema } };
  return properties?.version?.type === 'integer';
}
