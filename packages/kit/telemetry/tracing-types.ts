import type { Attributes } from '@opentelemetry/api';

/** The span of one request; ended once, when the answer has gone. */
export interface RequestSpan {
  /** Trace id of 32 hexadecimal digits, for the log. */
  readonly traceId: string;
  /** Runs `work` so that its spans become children of this one. */
  within<T>(work: () => T): T;
  end(name: string, status: number, attributes: Attributes): void;
}

/** Spans of what the platform does. Costs nothing while tracing is off. */
export interface Tracing {
  /**
   * Begins the span of a request that came with this W3C `traceparent`, if it came with one.
   * @returns null while tracing is off.
   */
  request(traceparent: string | undefined): RequestSpan | null;
  /** Runs an operation, a call or a job in a span of its own. */
  run<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
  /** Records something that has just ended, such as a statement. Outside of a span it records nothing. */
  record(name: string, durationMs: number, failed: boolean): void;
  /** The `traceparent` to send with an outgoing call; undefined outside of a span. */
  traceparent(): string | undefined;
  /** Sends what is left and stops. */
  close(): Promise<void>;
}

/** How traces are sent. */
export interface TracingOptions {
  /** Address of the collector for OTLP over HTTP, without the path: `http://localhost:4318`. */
  readonly endpoint: URL;
  readonly serviceName: string;
  readonly version: string;
  /** Share of the traces begun here that is kept, 0–1. Traces begun elsewhere follow their parent. */
  readonly sampleRatio: number;
  /** Called when a batch could not be sent. */
  readonly onError: (error: Error) => void;
}
