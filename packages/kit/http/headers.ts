import { platformErrors } from '../errors/index.ts';

/** Sent with every API answer: nothing of it may be stored, framed, sniffed or run as a page. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Half a year, so that browsers never try plain HTTP again; only where the public address is https. */
export const STRICT_TRANSPORT = 'max-age=15552000; includeSubDomains';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The client's correlation id when it is well formed. */
export const requestIdFrom = (text: string | undefined): string | undefined =>
  text !== undefined && REQUEST_ID.test(text) ? text : undefined;

/** The trace that a W3C `traceparent` belongs to. */
export const traceIdFrom = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : TRACEPARENT.exec(text)?.[1];

/** The key of `Idempotency-Key`. @throws AppError BAD_REQUEST unless it is 1 to 255 visible ASCII characters. */
export function idempotencyKeyFrom(text: string): string {
  if (IDEMPOTENCY_KEY.test(text)) return text;
  throw platformErrors.badRequest({ detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters.' });
}

const ETAG_LIST = /^\s*(?:W\/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e]*"\s*)*$/;
const VERSION_TAG = /^"v(\d{1,15})(?:\.[a-z0-9]+)?"$/;

/** The tag of a version, and of a variant of it where the answer shows what the version does not count. */
export const etagOf = (version: number, variant?: string): string =>
  variant === undefined ? `"v${version}"` : `"v${version}.${variant}"`;

/**
 * The version that `If-Match` expects; undefined for `*`, which any present version meets.
 * @throws AppError BAD_REQUEST when malformed or naming several versions, PRECONDITION_FAILED when its tag cannot be one
 *   of ours.
 */
export function expectedVersion(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '*') return undefined;
  if (!ETAG_LIST.test(text))
    throw platformErrors.badRequest({ detail: 'If-Match must be an entity tag such as "v3", or *.' });
  const tags = text.split(',').map((tag) => tag.trim());
  if (tags.length > 1) throw platformErrors.badRequest({ detail: 'If-Match must name one entity tag.' });
  const version = VERSION_TAG.exec(tags[0] ?? '')?.[1];
  if (version === undefined) throw platformErrors.preconditionFailed();
  return Number(version);
}

/** Whether `If-None-Match` names the tag (weak comparison, RFC 9110, section 13.1.2) or any. */
export function noneMatchNames(text: string | undefined, etag: string): boolean {
  if (text === undefined) return false;
  if (text.trim() === '*') return true;
  return text.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** Whether `Accept` admits JSON (RFC 9110, section 12.5.1). */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') return true;
  let best = { precision: -1, quality: 0 };
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const precision = JSON_RANGES.indexOf(type);
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice('q='.length));
    if (precision > best.precision) best = { precision, quality };
  }
  return best.precision >= 0 && best.quality > 0;
}

/** Ranges that hold JSON, the most precise last. */
const JSON_RANGES = ['*/*', 'application/*', 'application/json'];

/** The named cookie of a `Cookie` header; undefined when it is absent or its value is not well encoded. */
export function cookieFrom(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(equals + 1).trim());
    } catch {
      return undefined;
    }
  }
  return undefined;
}
