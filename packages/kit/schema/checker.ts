import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { BYTES_KEYWORD } from './bytes.ts';
import { FORMATS } from './formats.ts';

let compiler: Ajv2020 | undefined;

/** Keeps what it compiled by the identity of the schema, and schemas are constants: each is compiled once in a process. */
function compile(schema: TSchema): ValidateFunction {
  compiler ??= new Ajv2020({
    strict: true,
    strictTypes: false,
    allErrors: false,
    validateFormats: true,
    formats: FORMATS,
    // A schema that is none fails in every test that meets it.
    validateSchema: false,
    keywords: [{ keyword: BYTES_KEYWORD, validate: (_: unknown, value: unknown) => value instanceof Uint8Array }],
  });
  return compiler.compile(schema);
}

/**
 * Looks at a value that this platform made itself: an event, a job, a call. The value stays as it is: no defaults, no conversions.
 * @returns what is wrong with it first, as `/place message`; null when nothing is.
 */
export function faultIn(schema: TSchema, value: unknown): string | null {
  const validate = compile(schema);
  if (validate(value)) return null;
  const [first] = validate.errors ?? [];
  return `${first?.instancePath || '/'} ${first?.message ?? 'is not as its schema says'}`;
}
