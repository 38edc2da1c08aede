import type { RequestScope } from '@candlefish/kit/context';
import { type EventStream, EventStreamBody, graphqlErrorOf } from '@candlefish/kit/graphql';
import type { ExecutionResult } from 'graphql';
import { endOfCredential } from './credential-end.ts';
import type { GatewayHost } from './host.ts';

/** The results of an operation as an event stream, which ends with an error when the caller's credential does. */
export function eventStreamBody(
  results: EventStream<ExecutionResult>,
  scope: RequestScope,
  host: Pick<GatewayHost, 'watch' | 'draining'>,
): EventStreamBody {
  const body = new EventStreamBody(results, host.draining);
  const stopWatching = endOfCredential(scope.actor, host, (why) =>
    body.endWith({ errors: [graphqlErrorOf(why, scope.requestId)] }),
  );
  body.once('close', stopWatching);
  return body;
}

/** One result as a stream of one. */
export function single(result: ExecutionResult): EventStream<ExecutionResult> {
  let given = false;
  const stream: EventStream<ExecutionResult> = {
    next: () => {
      if (given) return Promise.resolve({ done: true, value: undefined });
      given = true;
      return Promise.resolve({ done: false, value: result });
    },
    return: () => {
      given = true;
      return Promise.resolve({ done: true, value: undefined });
    },
    throw: (error) => Promise.reject(error),
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
