import { platformErrors } from '@candlefish/kit/errors';
import type { OperationRequest } from './run.ts';

/** What `Accept` asks for. */
export type Representation = 'graphql-response' | 'json' | 'event-stream';

/** The media type of each representation of one result. */
export const MEDIA_TYPES = {
  'graphql-response': 'application/graphql-response+json; charset=utf-8',
  json: 'application/json; charset=utf-8',
  'event-stream': 'text/event-stream; charset=utf-8',
} as const satisfies Readonly<Record<Representation, string>>;

const OFFERED: ReadonlyMap<string, Representation> = new Map([
  ['application/graphql-response+json', 'graphql-response'],
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['text/event-stream', 'event-stream'],
]);

/** The usual headers are few; the answer for each is remembered. */
const KNOWN_MAX = 100;
const known = new Map<string, Representation | undefined>();

/**
 * The representation a client likes best among ours; JSON when it does not say.
 * @throws AppError NOT_ACCEPTABLE
 */
export function negotiate(accept: string | undefined): Representation {
  if (accept === undefined || accept === '') return 'json';
  let found = known.get(accept);
  if (found === undefined && !known.has(accept)) {
    found = bestOf(accept);
    if (known.size < KNOWN_MAX) known.set(accept, found);
  }
  if (found === undefined) throw platformErrors.notAcceptable();
  return found;
}

function bestOf(accept: string): Representation | undefined {
  let best: { readonly representation: Representation; readonly quality: number } | undefined;
  for (const part of accept.split(',')) {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const representation = OFFERED.get(range);
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (representation === undefined || !(quality > 0)) continue;
    if (best === undefined || quality > best.quality) best = { representation, quality };
  }
  return best?.representation;
}

/** Whether the body is JSON in UTF-8; anything else a form of another site could send. */
export function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((piece) => piece.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return type === 'application/json' && (charset === undefined || charset.replaceAll('"', '') === 'utf-8');
}

const SHA_256 = /^(?:sha256:)?([0-9a-f]{64})$/;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One operation out of a parsed body or message.
 * @throws AppError BAD_REQUEST that names the member which is wrong.
 */
export function operationRequest(body: unknown): OperationRequest {
  if (!isMembers(body)) throw platformErrors.badRequest({ detail: 'The request is no JSON object.' });
  const text = member(body, 'query', isText, 'a string');
  const operationName = member(body, 'operationName', isText, 'a string');
  const variables = member(body, 'variables', isMembers, 'an object');
  const extensions = member(body, 'extensions', isMembers, 'an object');
  const sha256 = sha256Of(body['documentId'], extensions?.['persistedQuery']);
  if (text === undefined && sha256 === undefined)
    throw platformErrors.badRequest({ detail: 'The member query is missing.' });
  // An empty name is what some clients send for none.
  return { text, sha256, operationName: operationName === '' ? undefined : operationName, variables };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function member<T>(body: Members, name: string, is: (value: unknown) => value is T, form: string): T | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!is(value)) throw platformErrors.badRequest({ detail: `The member ${name} is not ${form}.` });
  return value;
}

/** The hash of a persisted document, as `documentId` or as the extension of automatic persisted queries. */
function sha256Of(documentId: unknown, extension: unknown): string | undefined {
  const given = documentId ?? (isMembers(extension) ? extension['sha256Hash'] : extension);
  if (given === undefined || given === null) return undefined;
  const hash = typeof given === 'string' ? SHA_256.exec(given)?.[1] : undefined;
  if (hash === undefined) throw platformErrors.badRequest({ detail: 'A persisted document is named by its SHA-256.' });
  return hash;
}

/**
 * The operation in the query string of a GET.
 * @throws AppError BAD_REQUEST
 */
export function queryStringRequest(query: URLSearchParams): OperationRequest {
  const json = (name: string): unknown => {
    const text = query.get(name);
    if (text === null || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw platformErrors.badRequest({ detail: `The parameter ${name} is not JSON.`, cause });
    }
  };
  return operationRequest({
    query: query.get('query') ?? undefined,
    operationName: query.get('operationName') ?? undefined,
    documentId: query.get('documentId') ?? undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  });
}
