import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { RequestSpan, Tracing, TracingOptions } from './tracing-types.ts';

/** One export at the most this long; then its spans are lost rather than memory. */
const EXPORT_TIMEOUT_MS = 5_000;
const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SERVER_ERROR = 500;

/** Tracing over OTLP. Imported only when a collector is configured: `startTracing` in tracing.ts. */
export function openTracing(options: TracingOptions): Tracing {
  const exporter = reporting(
    new OTLPTraceExporter({ url: new URL('/v1/traces', options.endpoint).href }),
    options.onError,
  );
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': options.version }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_TIMEOUT_MS })],
  });
  const tracer = provider.getTracer('candlefish', options.version);
  const active = new AsyncLocalStorage<Context>();
  return {
    request: (traceparent) => new TracedRequest(tracer, active, parentOf(traceparent)),
    async run(name, attributes, work) {
      const parent = active.getStore() ?? ROOT_CONTEXT;
      const span = tracer.startSpan(name, { attributes }, parent);
      try {
        return await active.run(trace.setSpan(parent, span), work);
      } catch (error) {
        fail(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    record(name, durationMs, failed) {
      const parent = active.getStore();
      if (parent === undefined) return;
      const startTime = new Date(Date.now() - durationMs);
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime }, parent);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    traceparent() {
      const context = trace.getSpanContext(active.getStore() ?? ROOT_CONTEXT);
      if (context === undefined || !isSpanContextValid(context)) return undefined;
      return `00-${context.traceId}-${context.spanId}-${context.traceFlags.toString(16).padStart(2, '0')}`;
    },
    close: () => provider.shutdown(),
  };
}

class TracedRequest implements RequestSpan {
  readonly #span: Span;
  readonly #active: AsyncLocalStorage<Context>;
  readonly #context: Context;

  constructor(tracer: Tracer, active: AsyncLocalStorage<Context>, parent: Context) {
    this.#span = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent);
    this.#active = active;
    this.#context = trace.setSpan(parent, this.#span);
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  within<T>(work: () => T): T {
    return this.#active.run(this.#context, work);
  }

  end(name: string, status: number, attributes: Record<string, string>): void {
    this.#span.updateName(name);
    this.#span.setAttributes({ ...attributes, 'http.response.status_code': status });
    if (status >= SERVER_ERROR) this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}

function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = PARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? trace.setSpanContext(ROOT_CONTEXT, context) : ROOT_CONTEXT;
}

/** Only the kind of failure: a message may quote what a trace must not hold. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : typeof error });
}

/** The exporter, telling of batches that were lost. */
function reporting(exporter: SpanExporter, onError: (error: Error) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) onError(result.error);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
