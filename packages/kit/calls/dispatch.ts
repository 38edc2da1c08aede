import type { TSchema } from 'typebox';
import { type Ctx, requestScopeOf } from '../context/index.ts';
import type { Host } from '../lifecycle/index.ts';
import { faultIn } from '../schema/index.ts';
import type { CallProvision } from '../service/index.ts';
import { withBytesForText, withTextForBytes } from './bytes.ts';
import type { CallDefinition } from './call.ts';
import type { RemoteCaller } from './remote.ts';

/** How calls find the service that answers them. */
export interface DispatcherOptions {
  /** The services of this process. Read at the first call, since the host is built with the dispatcher. */
  readonly host: () => Host;
  /** Calls to services elsewhere; null when this process hosts them all. */
  readonly remote: RemoteCaller | null;
  /** Sends inputs and answers of local calls through JSON, so that tests see what a network would do to them. */
  readonly jsonRoundTrip: boolean;
}

/** Carries calls to their service. */
export interface Dispatcher {
  dispatch(ctx: Ctx, call: CallDefinition, input: unknown): Promise<unknown>;
  /** Runs a call that came in as JSON for a service of this process, under the given context. @returns what JSON can carry. */
  run(call: string, input: unknown, contextOf: (service: string) => Ctx): Promise<unknown>;
}

interface Provided {
  readonly service: string;
  readonly provision: CallProvision;
}

/** Makes the dispatcher of one process. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  let provided: ReadonlyMap<string, Provided> | null = null;

  const find = (name: string): Provided | undefined => {
    provided ??= new Map(
      options
        .host()
        .services.flatMap((service) =>
          service.provides.map((provision) => [provision.call.name, { service: service.name, provision }] as const),
        ),
    );
    return provided.get(name);
  };

  const check = (schema: TSchema, value: unknown, what: string): void => {
    const fault = faultIn(schema, value);
    if (fault !== null) throw new Error(`${what} breaks its contract at ${fault}`);
  };

  const answer = async ({ provision }: Provided, ctx: Ctx, input: unknown): Promise<unknown> => {
    const { call } = provision;
    check(call.input, input, `${call.name}: the input`);
    const handled = await provision.handle(ctx, input);
    const output = options.jsonRoundTrip ? throughJson(call.output, handled) : handled;
    check(call.output, output, `${call.name}: the answer`);
    return output;
  };

  return {
    async dispatch(ctx, call, input) {
      const local = find(call.name);
      if (local !== undefined) {
        const sent = options.jsonRoundTrip ? throughJson(call.input, input) : input;
        return answer(local, options.host().ctx(local.service, requestScopeOf(ctx)), sent);
      }
      if (options.remote === null) throw new Error(`nobody provides the call ${call.name}`);
      const answered = await options.remote.call(ctx, call.name, withTextForBytes(call.input, input));
      const output = withBytesForText(call.output, answered);
      check(call.output, output, `${call.name}: the answer`);
      return output;
    },
    async run(name, input, contextOf) {
      const local = find(name);
      if (local === undefined) throw new Error(`this process does not provide the call ${name}`);
      const { call } = local.provision;
      const output = await answer(local, contextOf(local.service), withBytesForText(call.input, input));
      return withTextForBytes(call.output, output);
    },
  };
}

const throughJson = (schema: TSchema, value: unknown): unknown =>
  value === undefined
    ? undefined
    : withBytesForText(schema, JSON.parse(JSON.stringify(withTextForBytes(schema, value))));
