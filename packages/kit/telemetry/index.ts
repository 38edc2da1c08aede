/** What a process tells about itself: log lines, counts, traces. */
export type { DurationSeries, Durations } from './durations.ts';
export type { Logger } from './logger.ts';
export { createMetrics, type Metrics, type Tally } from './metrics.ts';
export { createLog, LOG_LEVELS, type LogLevel, type LogOptions, type ProcessLog } from './pino-logger.ts';
export { redactFields, scrubLine } from './redact.ts';
export { noTracing, startTracing } from './tracing.ts';
export type { RequestSpan, Tracing, TracingOptions } from './tracing-types.ts';
