import { type AppError, isAppError, platformErrors } from '../errors/index.ts';

/** How long a client should wait when the database is away: restarts take seconds. */
export const RETRY_AFTER_MS = 2_000;

/**
 * SQLSTATEs that say the server or the connection is the trouble, not the statement (PostgreSQL manual, appendix A): 08
 * connection, 53 resources, 57P0 shutdown, 58 system; 28 and 3D000 when a connection is refused; 25P03 when an idle
 * transaction was ended.
 */
const UNAVAILABLE_STATES = /^(08|28|53|57P0|58|3D000|25P03)/;
/** Serialization failure, deadlock and lock timeout: the same request may well succeed when repeated. */
const CONTENDED_STATES = new Set(['40001', '40P01', '55P03']);
const STATEMENT_TIMEOUT = '57014';
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND']);
const LOST_CONNECTION =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client (has|was) .*not queryable|Cannot use a pool after calling end)/;

/** What a failed statement says about itself. */
export interface DatabaseFailure extends Error {
  /** SQLSTATE, five characters, or a system error code when the server was not reached. */
  readonly code?: string;
  readonly constraint?: string;
}

const isFailure = (error: unknown): error is DatabaseFailure =>
  error instanceof Error && (!('code' in error) || error.code === undefined || typeof error.code === 'string');

/** Whether a unique constraint of this name refused the row. */
export const violates = (error: unknown, constraint: string): boolean =>
  isFailure(error) && error.code?.startsWith('23') === true && error.constraint === constraint;

/** Whether the database could not be reached or refused service. */
export function isUnavailable(error: unknown): boolean {
  if (!isFailure(error)) return false;
  if (error.code !== undefined && (UNAVAILABLE_STATES.test(error.code) || NETWORK_CODES.has(error.code))) return true;
  return LOST_CONNECTION.test(error.message);
}

/** Whether the server ends the connection with this failure; it may take a moment until the end is heard. */
export const isFatal = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC');

/** Whether the failure is one statement's own, and the connection stands; also when it was translated. */
export const isOfStatement = (error: unknown): boolean =>
  error instanceof Error && ('severity' in error ? error.severity === 'ERROR' : isOfStatement(error.cause));

/**
 * The failure as callers know it: 503 with Retry-After while the database is away or contended, 504 when a statement ran
 * out of time; anything else is a fault of ours and is passed on unchanged.
 */
export function translateDatabaseError(error: unknown, statement: string): AppError | unknown {
  if (isAppError(error) || !isFailure(error)) return error;
  if (error.code === STATEMENT_TIMEOUT) return platformErrors.timeout({ cause: named(error, statement) });
  if (isUnavailable(error) || CONTENDED_STATES.has(error.code ?? '')) {
    return platformErrors.unavailable({ retryAfterMs: RETRY_AFTER_MS, cause: named(error, statement) });
  }
  return error;
}

const named = (error: DatabaseFailure, statement: string): Error =>
  new Error(`${statement}: ${error.message}`, { cause: error });
