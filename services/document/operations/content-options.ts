import type { ContentOptions } from '../domain/check-content.ts';
import { type JsonSchema, schemaViolation } from '../domain/json-schema.ts';

/**
 * What a document's content is held against beside its content type.
 * @param contentSchema The column of that name; null for a document without a schema.
 */
export function contentOptions(contentSchema: unknown): ContentOptions {
  if (contentSchema === null || contentSchema === undefined) return {};
  const schema = contentSchema as JsonSchema;
  return {
    schemaProblem(data) {
      const problem = schemaViolation(schema, data);
      return problem === null ? null : { ...problem, pointer: `/data${problem.pointer}` };
    },
  };
}
