/** Headers a page may send beyond the simple ones. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-API-Key',
  'X-Candlefish-Csrf',
  'X-Request-Id',
  'traceparent',
].join(', ');
/** Headers of an answer that a page may read. */
const RESPONSE_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
].join(', ');
/** Browsers cap it at two hours or less anyway. */
const PREFLIGHT_MAX_AGE_S = 600;

/** Which other sites' pages may call, by exact origin: no patterns, so that no look-alike name slips through. */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  /** @param origins such as `https://app.example.com`, without a path. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Headers for any answer to a request from this origin. */
  headersFor(origin: string): Record<string, string> {
    if (!this.#origins.has(origin)) return { vary: 'Origin' };
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': RESPONSE_HEADERS,
    };
  }

  /** Further headers for the answer to a preflight; none for an origin that may not call. */
  preflightFor(origin: string, methods: readonly string[]): Record<string, string> {
    if (!this.#origins.has(origin)) return {};
    return {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': REQUEST_HEADERS,
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_S),
    };
  }
}
