import { ApiError, errorOfGraphql, errorOfProblem } from './api-error.ts';
import { readEvents } from './event-stream.ts';
import type { Operation } from './operation.ts';
import { type Session, unreachable } from './session.ts';

/** Asks the platform as whoever is signed in. */
export interface Client {
  /**
   * Runs an operation and gives its data.
   * @throws ApiError with the code of the first error; NETWORK when no answer came.
   */
  run<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data>;
  /**
   * Gives what a subscription tells, until the signal ends it or its stream breaks off: then it is for the caller to look at
   * the state and to begin again.
   * @throws ApiError of a refusal, or NETWORK.
   */
  follow<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    signal: AbortSignal,
  ): AsyncGenerator<Data>;
  /**
   * Fetches an address of this platform with the credential.
   * @throws ApiError of the problem that was answered, or NETWORK.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Fetches an address of this platform as nobody. @throws ApiError of the problem that was answered, or NETWORK. */
  fetchPublic(path: string, init?: RequestInit): Promise<Response>;
}

const ENDPOINT = '/graphql';
const UNAUTHORIZED = 401;

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly unknown[];
}

/** A client over a session. A token that was refused is replaced once. */
export function createClient(session: Session): Client {
  const send = (path: string, init: RequestInit, token: string | null): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    return fetch(path, { ...init, headers }).catch(unreachable);
  };
  const sendSignedIn = async (path: string, init: RequestInit): Promise<Response> => {
    const token = await session.token();
    const answer = await send(path, init, token);
    if (answer.status !== UNAUTHORIZED || token === null) return answer;
    const next = await session.replace(token);
    return next === null ? answer : send(path, init, next);
  };
  return {
    async run<Data, Variables>(
      { name, text }: Operation<Data, Variables>,
      variables: Variables,
      signal?: AbortSignal,
    ): Promise<Data> {
      const answer = await sendSignedIn(ENDPOINT, {
        method: 'POST',
        headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, operationName: name, variables }),
        ...(signal === undefined ? {} : { signal }),
      });
      const { data, errors } = (await answer.json()) as Answer<Data>;
      if (errors !== undefined && errors.length > 0) throw errorOfGraphql(errors);
      if (data === undefined || data === null) throw errorOfProblem(answer.status, null);
      return data;
    },
    async *follow<Data, Variables>(
      { name, text }: Operation<Data, Variables>,
      variables: Variables,
      signal: AbortSignal,
    ) {
      const answer = await sendSignedIn(ENDPOINT, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, operationName: name, variables }),
        signal,
      });
      if (answer.body === null) throw new ApiError('NETWORK', 'The stream has no body.');
      for await (const event of readEvents(answer.body)) {
        if (event.name === 'complete') return;
        if (event.name !== 'next') continue;
        const { data, errors } = JSON.parse(event.data) as Answer<Data>;
        if (errors !== undefined && errors.length > 0) throw errorOfGraphql(errors);
        if (data !== undefined && data !== null) yield data;
      }
    },
    fetch: async (path, init = {}) => orThrow(await sendSignedIn(path, init)),
    fetchPublic: async (path, init = {}) => orThrow(await send(path, init, null)),
  };
}

async function orThrow(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  // Whatever stands in place of a problem says less than the status.
  throw errorOfProblem(answer.status, await answer.json().catch(() => null));
}
