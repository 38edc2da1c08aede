import { Type } from 'typebox';
import { Id, strict } from './schemas.ts';

/** A JSON Schema as callers give it; `domain/json-schema.ts` says which keywords it may have. */
export const JsonSchemaSchema = Type.Unsafe<Readonly<Record<string, unknown>> | null>({
  type: ['object', 'null'],
  additionalProperties: true,
  description:
    'A JSON Schema (draft 2020-12, without `pattern`, `uniqueItems` and other keywords whose cost is not bounded), at most 64 KiB; or null.',
});

/** The schema that the content of a document follows. */
export const ContentSchemaSchema = strict({ id: Id, schema: JsonSchemaSchema });

/** A part of a text that was found, and whether it is what was searched for. */
export const SnippetSchema = Type.Array(strict({ text: Type.String(), isMatch: Type.Boolean() }), {
  description: 'Of documents that were searched for: the text around the first word found.',
});
