/** An answer of the platform, its body parsed when it is JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** The bytes as they came. */
  readonly text: string;
}

/** The answer of a GraphQL operation. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly data: Record<string, unknown> | null;
  readonly errors: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** Plain `fetch` against the public API, with a credential or none. */
export interface ApiClient {
  as(token: string): ApiClient;
  withKey(key: string): ApiClient;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  put(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  patch(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  /** By the name of the method; `GET` and `DELETE` send no body. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  graphql(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<GraphqlAnswer>;
}

/** A client hangs no longer than this, so that a hang is a failure and not a time-out of the test. */
const TIMEOUT_MS = 20_000;

/**
 * Makes a client.
 * @param url Address without a slash at the end; a function of the path where several processes share the paths.
 */
export function apiClient(
  url: string | ((path: string) => string),
  credential: Readonly<Record<string, string>> = {},
): ApiClient {
  const addressOf = typeof url === 'string' ? () => url : url;
  const send = async (
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> => {
    const response = await fetch(`${addressOf(path)}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...credential, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
      text,
    };
  };
  return {
    as: (token) => apiClient(url, { authorization: `Bearer ${token}` }),
    withKey: (key) => apiClient(url, { 'x-api-key': key }),
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
    send: (method, path, body, headers) =>
      send(method, path, method === 'GET' || method === 'DELETE' ? undefined : body, headers),
    async graphql(query, variables = {}, headers = {}) {
      const answer = await send('POST', '/graphql', { query, variables }, { accept: 'application/json', ...headers });
      const body = answer.body as Partial<GraphqlAnswer>;
      return { status: answer.status, data: body.data ?? null, errors: body.errors ?? [] };
    },
  };
}
