import { type DestinationStream, pino } from 'pino';
import { LogOutput } from './log-output.ts';
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

const STANDARD_OUTPUT = 1;

/**
 * JSON lines of the process: level by name, time in ISO 8601 (UTC), errors with their stacks. Values of sensitive names
 * and texts that look like credentials or mail addresses are replaced before a line is written.
 */
export function createLog(options: LogOptions): ProcessLog {
  const output = options.destination === undefined ? new LogOutput(STANDARD_OUTPUT) : undefined;
  const log = pino(
    {
      level: options.level,
      base: options.bindings ?? null,
      timestamp: createTimestamp(),
      formatters: { level: (label) => ({ level: label }), log: redactFields, bindings: redactFields },
      serializers: { err: errorFields },
      hooks: { streamWrite: scrubLine },
    },
    output ?? options.destination,
  );
  return Object.assign(log as unknown as Logger, { flush: () => output?.flush() });
}

/** The time as a member of a line. Lines of one millisecond share its text: writing it takes a sixth of a whole line. */
function createTimestamp(): () => string {
  let atMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) {
      atMs = nowMs;
      text = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return text;
  };
}

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
