import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import type { Logger } from './logger.ts';
import { redactFields, scrubLine } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How the log of a process is written. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Stands in every line. */
  readonly bindings?: Readonly<Record<string, unknown>>;
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream;
}

/** A log and the way to empty its buffer. */
export interface ProcessLog extends Logger {
  /** Writes out what is buffered, at once. For the end of the process and for tests. */
  flush(): void;
}

/** Lines are collected into writes of this size: a write per line costs more than the line. */
const BUFFER_BYTES = 16_384;
/** One write at the most; must be above what is collected, which a long last line can exceed. */
const WRITE_BYTES_MAX = 4 * BUFFER_BYTES;
/** The longest a line waits for others. */
const FLUSH_MS = 200;

/**
 * JSON lines of the process: level by name, time in ISO 8601 (UTC), errors with their stacks. Values of sensitive names
 * and texts that look like credentials or mail addresses are replaced before a line is written.
 */
export function createLog(options: LogOptions): ProcessLog {
  const buffered = options.destination === undefined ? standardOutput() : undefined;
  const log = pino(
    {
      level: options.level,
      base: options.bindings ?? null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields, bindings: redactFields },
      serializers: { err: errorFields },
      hooks: { streamWrite: scrubLine },
    },
    buffered ?? options.destination ?? standardOutput(),
  );
  return Object.assign(log as unknown as Logger, { flush: () => buffered?.flushSync() });
}

const standardOutput = () =>
  pino.destination({ sync: false, minLength: BUFFER_BYTES, maxWrite: WRITE_BYTES_MAX, periodicFlush: FLUSH_MS });

/** Causes followed at the most; a longer chain is a circle. */
const CAUSES_MAX = 5;

/** What the log keeps of an error: its names, messages and stacks, and the codes that PostgreSQL and Node give. */
function errorFields(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    stack: error.stack,
    ...(error.cause === undefined || depth >= CAUSES_MAX ? {} : { cause: errorFields(error.cause, depth + 1) }),
  };
}
