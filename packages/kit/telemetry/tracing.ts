import type { Tracing, TracingOptions } from './tracing-types.ts';

/** Tracing that is off. */
export const noTracing: Tracing = {
  request: () => null,
  run: (_name, _attributes, work) => work(),
  record: () => undefined,
  traceparent: () => undefined,
  close: () => Promise.resolve(),
};

/** Loads OpenTelemetry, which a process without a collector never does, and begins to send. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  const { openTracing } = await import('./otel.ts');
  return openTracing(options);
}
