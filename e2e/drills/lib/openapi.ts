import type { ApiClient } from '@candlefish/testkit/api-client';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

/** A JSON Schema, or a part of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>;

/** A parameter of an operation. */
export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** One operation of the API as its document tells it. */
export interface ApiOperation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` for parameters. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly parameters: readonly ApiParameter[];
  /** Schema of the JSON body; null when it takes none. */
  readonly body: Schema | null;
  readonly bodyExample: unknown;
  /** Statuses it may answer with. */
  readonly statuses: ReadonlySet<number>;
  /** Codes and types of the problems it may answer with, by status. */
  readonly problems: ReadonlyMap<number, ReadonlyMap<string, string>>;
}

/** The document of a running platform. */
export interface ApiDocument {
  readonly operations: readonly ApiOperation[];
  /** A schema with its reference, if it is one, followed. */
  resolve(schema: Schema): Schema;
  /** What is wrong with an answer of an operation; null when the document allows it. */
  faultOf(operation: ApiOperation, status: number, contentType: string, body: unknown): string | null;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Reads `/api/v1/openapi.json`. */
export async function readApi(api: ApiClient): Promise<ApiDocument> {
  const answer = await api.get('/api/v1/openapi.json');
  if (answer.status !== 200) throw new Error(`the OpenAPI document answered ${answer.status}`);
  return new ReadDocument(answer.body as Schema);
}

class ReadDocument implements ApiDocument {
  readonly operations: readonly ApiOperation[];
  readonly #document: Schema;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  /** By the text of the schema: most answers share one. */
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: Schema) {
    this.#document = document;
    ajvFormats.default(this.#ajv);
    this.operations = Object.entries(document['paths'] as Readonly<Record<string, Schema>>).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).map((method) => this.#read(path, method, item[method] as Schema)),
    );
  }

  resolve(schema: Schema): Schema {
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    let at: unknown = this.#document;
    for (const part of $ref.replace(/^#\//, '').split('/')) at = (at as Schema)[part.replaceAll('~1', '/')];
    return this.resolve(at as Schema);
  }

  faultOf({ path, method, statuses }: ApiOperation, status: number, contentType: string, body: unknown): string | null {
    if (!statuses.has(status)) return `status ${status} is not documented`;
    const response = this.#at(path, method, status);
    const content = (response['content'] ?? {}) as Readonly<Record<string, Schema>>;
    const types = Object.keys(content);
    if (types.length === 0) return body === '' ? null : `status ${status} has a body that is not documented`;
    const type = contentType.split(';')[0]?.trim() ?? '';
    if (!types.includes(type)) return `status ${status} came as "${type}" instead of ${types.join(', ')}`;
    const validate = this.#validator(content[type]?.['schema'] as Schema);
    return validate(body) ? null : `status ${status}: ${this.#ajv.errorsText(validate.errors)}`;
  }

  /** References inside the schema begin at the document's root, so it is compiled with the document's components. */
  #validator(schema: Schema): ValidateFunction {
    const name = JSON.stringify(schema);
    const known = this.#validators.get(name);
    if (known !== undefined) return known;
    const made = this.#ajv.compile({ allOf: [schema], components: this.#document['components'] });
    this.#validators.set(name, made);
    return made;
  }

  #at(path: string, method: string, status: number): Schema {
    const paths = this.#document['paths'] as Readonly<Record<string, Readonly<Record<string, Schema>>>>;
    const responses = paths[path]?.[method.toLowerCase()]?.['responses'] as Readonly<Record<string, Schema>>;
    return this.resolve(responses[String(status)] ?? {});
  }

  #read(path: string, method: string, operation: Schema): ApiOperation {
    const parameters = (operation['parameters'] as readonly Schema[]).map((one) => this.resolve(one));
    const body = (operation['requestBody'] as Schema | undefined)?.['content'] as Schema | undefined;
    const json = body?.['application/json'] as Schema | undefined;
    const responses = operation['responses'] as Readonly<Record<string, Schema>>;
    return {
      id: String(operation['operationId']),
      method: method.toUpperCase(),
      path,
      isPublic:
        Array.isArray(operation['security']) && operation['security'].some((one) => Object.keys(one).length === 0),
      parameters: parameters as unknown as readonly ApiParameter[],
      body: json === undefined ? null : (json['schema'] as Schema),
      bodyExample: json?.['example'],
      statuses: new Set(Object.keys(responses).map(Number)),
      problems: new Map(
        Object.entries(responses).map(([status, one]) => [Number(status), this.#problemsOf(this.resolve(one))]),
      ),
    };
  }

  #problemsOf(response: Schema): ReadonlyMap<string, string> {
    const content = response['content'] as Readonly<Record<string, Schema>> | undefined;
    const examples = (content?.['application/problem+json']?.['examples'] ?? {}) as Readonly<Record<string, Schema>>;
    return new Map(
      Object.entries(examples).map(([code, example]) => {
        const { value } = this.resolve(example) as { readonly value: Schema };
        return [code, String(value['type'])] as const;
      }),
    );
  }
}

/** Puts values into the path of an operation. */
export const pathOf = (operation: ApiOperation, values: Readonly<Record<string, string>>): string =>
  operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? name));
