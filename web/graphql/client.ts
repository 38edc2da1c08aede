import { errorOfGraphql, errorOfProblem } from './api-error.ts';
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
   * Fetches an address of this platform with the credential.
   * @throws ApiError of the problem that was answered, or NETWORK.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
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
    async fetch(path, init = {}) {
      const answer = await sendSignedIn(path, init);
      if (answer.ok) return answer;
      throw errorOfProblem(answer.status, await answer.json().catch(() => null));
    },
  };
}
