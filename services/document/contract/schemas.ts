import { type TSchema, Type } from 'typebox';
import { CONTENT_TYPES, type ContentType } from '../domain/content-types.ts';

/** One of a closed set of words. */
export const oneOf = <const T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], description });
/** An object without further properties. */
export const strict = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
/** A value or null. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
/** An id. */
export const Id = Type.String({ format: 'uuid' });
/** A moment. */
export const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601.' });
/** Bytes in base64. */
export const Bytes = (description: string) =>
  Type.String({ contentEncoding: 'base64', description: `Base64. ${description}` });

/** Content types of documents. */
export const ContentTypeSchema = oneOf(Object.keys(CONTENT_TYPES) as ContentType[], 'What the document is made of.');
