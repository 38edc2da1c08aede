import { type ExecutionResult, GraphQLError } from 'graphql';

interface PlainError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** A result out of JSON: its errors become errors again, which a plan moves to the client's paths. */
export function resultOf(json: unknown): ExecutionResult {
  const { data, errors } = json as { readonly data?: ExecutionResult['data']; readonly errors?: readonly PlainError[] };
  return {
    ...(data === undefined ? {} : { data }),
    ...(errors === undefined ? {} : { errors: errors.map(({ message, ...rest }) => new GraphQLError(message, rest)) }),
  };
}
