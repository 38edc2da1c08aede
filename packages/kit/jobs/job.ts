import type { Static, TSchema } from 'typebox';

/** A kind of job: work that leaves the system, waits or must be retried; added in the business transaction. */
export interface JobDefinition<Payload extends TSchema = TSchema> {
  /** `service.verbNoun`, unique over the platform. */
  readonly name: string;
  readonly payload: Payload;
  /** Tries before it becomes a dead letter; waits grow as e^n seconds between them. */
  readonly attemptsMax: number;
  /** Longest run of one try, in ms; then its signal aborts and the try has failed. */
  readonly timeoutMs: number;
}

/** Declares a kind of job. */
export const defineJob = <Payload extends TSchema>(definition: JobDefinition<Payload>): JobDefinition<Payload> =>
  definition;

export type JobPayloadOf<J> = J extends JobDefinition<infer Payload> ? Static<Payload> : never;

/** When and how a job is added. */
export interface JobOptions {
  /** Not before this moment. */
  readonly runAt?: Date;
  /** A job with the same key that has not started yet is replaced. */
  readonly key?: string;
}
