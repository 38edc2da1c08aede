/** What a process tells about itself: log lines, counts, traces. */
export type { Logger } from './logger.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { createLog, LOG_LEVELS, type LogLevel, type LogOptions, type ProcessLog } from './pino-logger.ts';
export { redactFields, scrubLine } from './redact.ts';
export { noTracing, type RequestSpan, startTracing, type Tracing, type TracingOptions } from './tracing.ts';
