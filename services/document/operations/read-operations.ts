import { type FieldError, platformErrors } from '@candlefish/kit/errors';
import type { Attributes, Operation, PathSegment, Position } from '../domain/operation.ts';

/** Bytes as the interfaces bring them: base64 text over REST, read already over GraphQL. */
type Bytes = string | Uint8Array;
type Given<T> = T | null | undefined;

interface PositionInput {
  readonly index?: Given<number>;
  readonly relative?: Given<Bytes>;
}

interface TextPlace {
  readonly path: readonly PathSegment[];
  readonly at: PositionInput;
}

/** One operation as REST and GraphQL write it: under the name of its kind, and no other. */
export interface OperationInput {
  readonly yjsUpdate?: Given<{ readonly update: Bytes; readonly encoding?: Given<'V1' | 'V2'> }>;
  readonly textInsert?: Given<TextPlace & { readonly text: string; readonly attributes?: unknown }>;
  readonly textDelete?: Given<TextPlace & { readonly length: number; readonly expect?: Given<string> }>;
  readonly textFormat?: Given<TextPlace & { readonly length: number; readonly attributes: unknown }>;
  readonly mapSet?: Given<{
    readonly path: readonly PathSegment[];
    readonly key: string;
    readonly value?: unknown;
    readonly ifAbsent?: Given<boolean>;
    readonly shared?: Given<boolean>;
  }>;
  readonly mapDelete?: Given<{ readonly path: readonly PathSegment[]; readonly key: string }>;
  readonly arrayInsert?: Given<{
    readonly path: readonly PathSegment[];
    readonly index: number;
    readonly values: readonly unknown[];
    readonly shared?: Given<boolean>;
  }>;
  readonly arrayDelete?: Given<{
    readonly path: readonly PathSegment[];
    readonly index: number;
    readonly length: number;
  }>;
  readonly arrayMove?: Given<{ readonly path: readonly PathSegment[]; readonly from: number; readonly to: number }>;
}

/** The operations of a call. @throws AppError VALIDATION_FAILED with a pointer to each that is written wrongly. */
export function readOperations(inputs: readonly OperationInput[]): readonly Operation[] {
  const fields: FieldError[] = [];
  const operations = inputs.map((input, index) => {
    const reader = new Reader(`/operations/${index}`, fields);
    return reader.operation(input);
  });
  if (fields.length > 0) throw platformErrors.validationFailed({ fields: fields.slice(0, FIELDS_MAX) });
  return operations.filter((operation) => operation !== null);
}

/** Values of one insertion; a call may have many of them. */
const VALUES_MAX = 1_000;
/** Problems told at once: more do not help a person. */
const FIELDS_MAX = 32;
const NOT_BASE64 = 'must be base64 with padding (RFC 4648, section 4)';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes from base64, null for nothing. @throws AppError VALIDATION_FAILED */
export function readBase64(pointer: string, text: string | undefined): Uint8Array | null {
  if (text === undefined) return null;
  if (BASE64.test(text)) return Buffer.from(text, 'base64');
  throw platformErrors.validationFailed({ fields: [{ pointer, message: NOT_BASE64 }] });
}

/** Reads one operation and collects what is wrong with it. */
class Reader {
  readonly #pointer: string;
  readonly #fields: FieldError[];

  constructor(pointer: string, fields: FieldError[]) {
    this.#pointer = pointer;
    this.#fields = fields;
  }

  operation(input: OperationInput): Operation | null {
    const kinds = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
    if (kinds.length !== 1) {
      this.#problem('', 'must have exactly one member, the kind of the operation');
      return null;
    }
    const { yjsUpdate, textInsert, textDelete, textFormat, mapSet, mapDelete } = input;
    if (yjsUpdate) {
      const update = this.#bytes('/yjsUpdate/update', yjsUpdate.update);
      return { kind: 'yjsUpdate', update, encoding: yjsUpdate.encoding ?? 'V1' };
    }
    if (textInsert) {
      const attributes = this.#attributes('/textInsert/attributes', textInsert.attributes ?? null);
      return { kind: 'textInsert', ...this.#place('/textInsert', textInsert), text: textInsert.text, attributes };
    }
    if (textDelete) {
      const { length, expect } = textDelete;
      return { kind: 'textDelete', ...this.#place('/textDelete', textDelete), length, expect: expect ?? null };
    }
    if (textFormat) {
      const attributes = this.#attributes('/textFormat/attributes', textFormat.attributes) ?? {};
      return { kind: 'textFormat', ...this.#place('/textFormat', textFormat), length: textFormat.length, attributes };
    }
    if (mapSet) {
      const { path, key, value = null, ifAbsent, shared } = mapSet;
      return { kind: 'mapSet', path, key, value, ifAbsent: ifAbsent ?? false, shared: shared ?? false };
    }
    if (mapDelete) return { kind: 'mapDelete', path: mapDelete.path, key: mapDelete.key };
    return this.#arrayOperation(input);
  }

  #arrayOperation({ arrayInsert, arrayDelete, arrayMove }: OperationInput): Operation | null {
    if (arrayInsert) {
      const { path, index, values, shared } = arrayInsert;
      if (values.length < 1 || values.length > VALUES_MAX) {
        this.#problem('/arrayInsert/values', `must have 1 to ${VALUES_MAX} items`);
      }
      return { kind: 'arrayInsert', path, index, values, shared: shared ?? false };
    }
    if (arrayDelete) return { kind: 'arrayDelete', ...arrayDelete };
    if (arrayMove) return { kind: 'arrayMove', ...arrayMove };
    this.#problem('', 'is of a kind that there is not');
    return null;
  }

  #place(
    at: string,
    { path, at: position }: TextPlace,
  ): { readonly path: readonly PathSegment[]; readonly at: Position } {
    return { path, at: this.#position(`${at}/at`, position) };
  }

  #position(at: string, { index, relative }: PositionInput): Position {
    const hasIndex = index !== undefined && index !== null;
    const hasRelative = relative !== undefined && relative !== null;
    if (hasIndex === hasRelative) this.#problem(at, 'must have either index or relative');
    if (hasRelative) return { relative: this.#bytes(`${at}/relative`, relative) };
    return { index: index ?? 0 };
  }

  #attributes(at: string, attributes: unknown): Attributes | null {
    if (attributes === null) return null;
    if (typeof attributes === 'object' && !Array.isArray(attributes)) return attributes as Attributes;
    this.#problem(at, 'must be an object');
    return null;
  }

  #bytes(at: string, bytes: Bytes): Uint8Array {
    if (typeof bytes !== 'string') return bytes;
    if (!BASE64.test(bytes)) this.#problem(at, NOT_BASE64);
    return Buffer.from(bytes, 'base64');
  }

  #problem(at: string, message: string): void {
    this.#fields.push({ pointer: `${this.#pointer}${at}`, message });
  }
}
