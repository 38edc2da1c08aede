import type { Static, TSchema } from 'typebox';

/**
 * A call that a service offers to others: its name and the schemas of both directions, in the service's contract.ts.
 * Where the service runs decides how a call travels (direct or HTTP); the caller cannot tell.
 */
export interface CallDefinition<Input extends TSchema = TSchema, Output extends TSchema = TSchema> {
  /** `service.verbNoun`, unique over the platform. */
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
}

/** Declares a call. */
export const defineCall = <Input extends TSchema, Output extends TSchema>(
  definition: CallDefinition<Input, Output>,
): CallDefinition<Input, Output> => definition;

export type InputOf<C> = C extends CallDefinition<infer Input, TSchema> ? Static<Input> : never;
export type OutputOf<C> = C extends CallDefinition<TSchema, infer Output> ? Static<Output> : never;
