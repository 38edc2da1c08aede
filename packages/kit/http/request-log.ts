import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DurationSeries, Durations, Metrics, Tally } from '../telemetry/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type HttpScope, requestFields } from './scope.ts';

/** What counts and log lines call a route. */
export interface RouteLabels {
  readonly service: string;
  /** The pattern, never the address as it came: `/api/v1/agents/{id}`. */
  readonly path: string;
}

/** Requests of one route, method and status. */
interface Series {
  readonly labels: Tally['labels'];
  value: number;
  readonly durations: DurationSeries;
}

/** What proxies write for a client that left before its answer. */
const CLIENT_CLOSED = 499;
const MS_PER_S = 1_000;
/** Paths that only other processes of the platform ask for. */
const INTERNAL = '/internal/';

/** One count for every request that ends, and one line for each that came from outside. */
export class RequestLog {
  readonly #log: Logger;
  readonly #durations: Durations;
  /** Bounded by routes × methods × statuses. */
  readonly #series = new Map<RouteLabels, Map<string, Series>>();

  constructor(log: Logger, metrics: Metrics) {
    this.#log = log;
    const labels = ['service', 'method', 'route', 'status'];
    metrics.tally('http_requests_total', 'HTTP requests answered.', labels, () => this.#counted());
    this.#durations = metrics.duration('http_request_duration_seconds', 'Time from request to answer.', labels);
  }

  record(
    route: RouteLabels,
    scope: HttpScope,
    request: FastifyRequest,
    reply: FastifyReply,
    durationMs: number,
    isGone: boolean,
  ): void {
    const status = isGone ? CLIENT_CLOSED : reply.raw.statusCode;
    const series = this.#seriesOf(route, request.method, status);
    series.value += 1;
    series.durations.observe(durationMs / MS_PER_S);
    // Asked by another process, which writes the line of the request it works for.
    if (route.path.startsWith(INTERNAL)) return;
    const { method } = request;
    const ms = Math.round(durationMs * 10) / 10;
    const ids = requestFields(scope, request);
    this.#log.info({ service: route.service, method, route: route.path, status, ms, ...ids }, 'request');
  }

  *#counted(): Iterable<Tally> {
    for (const ofRoute of this.#series.values()) yield* ofRoute.values();
  }

  #seriesOf(route: RouteLabels, method: string, status: number): Series {
    const ofRoute = this.#series.get(route) ?? new Map<string, Series>();
    this.#series.set(route, ofRoute);
    const key = `${method} ${status}`;
    let series = ofRoute.get(key);
    if (series === undefined) {
      const labels = { service: route.service, method, route: route.path, status: String(status) };
      series = { labels, value: 0, durations: this.#durations.of(labels) };
      ofRoute.set(key, series);
    }
    return series;
  }
}
