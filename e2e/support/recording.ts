import type { ApiAnswer, ApiClient, GraphqlAnswer } from '@candlefish/testkit/api-client';

/** What was asked and what came back, without what differs between any two runs. */
export interface Exchange {
  readonly asked: string;
  readonly answered: unknown;
}

/** Keeps what passes through clients. */
export interface Recorder {
  readonly exchanges: readonly Exchange[];
  /** A client whose exchanges are kept. */
  recorded(api: ApiClient): ApiClient;
  /** Keeps something that no client sent. */
  keep(asked: string, answered: unknown): void;
}

/** Headers that count, date or belong to one connection. */
const PASSING_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'ratelimit',
  'retry-after',
  'transfer-encoding',
  'x-request-id',
]);

/** Members whose values are made anew in each run; equal values in one run stay equal. */
const MADE_MEMBERS = new Set([
  'cursor',
  'endCursor',
  'key',
  'nextCursor',
  'prefix',
  'refreshToken',
  'requestId',
  'startCursor',
  'stateVector',
  'token',
  'update',
]);

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z/g;
/** The part of a tag that tells the moment of the last change. */
const TAG_VARIANT = /^("v\d+)\.[a-z0-9]+"$/;

/** Starts a record. Ids are numbered as they first appear, so that two runs can be compared. */
export function recorder(): Recorder {
  const exchanges: Exchange[] = [];
  const numbers = new Map<string, number>();
  const text = (value: string): string =>
    value
      .replace(UUID, (id) => {
        if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
        return `(id ${numbers.get(id)})`;
      })
      .replace(TIME, '(time)');
  const masked = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return MADE_MEMBERS.has(name) ? `(${name})` : text(value);
    if (Array.isArray(value)) return value.map((item) => masked(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, masked(inner, member)]));
  };
  const headersOf = (headers: Headers): readonly string[] =>
    [...headers]
      .filter(([name]) => !PASSING_HEADERS.has(name))
      .map(([name, value]) => `${name}: ${headerValue(name, text(value))}`)
      .toSorted();
  const keep = (asked: string, answered: unknown): void => {
    exchanges.push({ asked: text(asked), answered: masked(answered) });
  };
  const keepAnswer = (asked: string, { status, headers, body }: ApiAnswer): void =>
    keep(asked, { status, headers: headersOf(headers), body });
  const recorded = (api: ApiClient): ApiClient => {
    const kept = async (asked: string, answer: Promise<ApiAnswer>): Promise<ApiAnswer> => {
      keepAnswer(asked, await answer);
      return answer;
    };
    return {
      as: (token) => recorded(api.as(token)),
      withKey: (key) => recorded(api.withKey(key)),
      get: (path, headers) => kept(`GET ${path}`, api.get(path, headers)),
      post: (path, body, headers) => kept(`POST ${path}`, api.post(path, body, headers)),
      put: (path, body, headers) => kept(`PUT ${path}`, api.put(path, body, headers)),
      patch: (path, body, headers) => kept(`PATCH ${path}`, api.patch(path, body, headers)),
      delete: (path, headers) => kept(`DELETE ${path}`, api.delete(path, headers)),
      send: (method, path, body, headers) => kept(`${method} ${path}`, api.send(method, path, body, headers)),
      async graphql(query, variables, headers): Promise<GraphqlAnswer> {
        const answer = await api.graphql(query, variables, headers);
        // Fields that run beside each other fail in any order.
        const errors = answer.errors.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
        keep(`GraphQL ${query}`, { ...answer, errors });
        return answer;
      },
    };
  };
  return { exchanges, recorded, keep };
}

function headerValue(name: string, value: string): string {
  if (name === 'etag') return value.replace(TAG_VARIANT, '$1.(variant)"');
  if (name === 'set-cookie') return value.replace(/=[^;]+/, '=(cookie)').replace(/Expires=[^;]+/i, 'Expires=(time)');
  return value;
}
