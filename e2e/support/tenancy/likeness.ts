import type { ApiAnswer } from '@candlefish/testkit/api-client';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const EMAIL = /[\w.]+@example\.test/g;

/** Headers that count or date answers. */
const COUNTING = new Set(['date', 'x-request-id', 'ratelimit', 'retry-after', 'keep-alive', 'server-timing']);

/** Text without the ids and addresses in it, which name what was asked for. */
export const masked = (text: string): string => text.replace(UUID, '(id)').replace(EMAIL, '(email)');

/** All of an answer that an onlooker can tell from another, and its size. */
export function likeness({ status, headers, text }: ApiAnswer): object {
  const told = [...headers].filter(([name]) => !COUNTING.has(name)).map(([name, value]) => `${name}: ${masked(value)}`);
  return { status, headers: told.toSorted(), bytes: Buffer.byteLength(text), body: masked(text) };
}
