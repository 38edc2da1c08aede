import pg from 'pg';
import { expect, test } from 'vitest';
import { parserOf } from '../db/wire.ts';

const TIMESTAMPTZ_OID = 1184;

test.each([
  '2026-05-04 10:00:00+00',
  '2026-05-04 10:00:00.1+00',
  '2026-05-04 10:00:00.12+00',
  '2026-05-04 10:00:00.123456+00',
  '2026-05-04 10:00:00.999999+00',
  '1970-01-01 00:00:00+00',
  '9999-12-31 23:59:59.999999+00',
  '2024-02-29 12:30:45.678+00',
  // Other forms: other zones, other lengths of a year, no moment at all.
  '2026-05-04 12:00:00.5+02',
  '2026-05-04 10:30:00+00:30',
  '0099-01-01 00:00:00+00',
  '10000-01-01 00:00:00+00',
  '0044-03-15 12:00:00+00 BC',
  'infinity',
  '-infinity',
])('the moment %s is what pg reads', (text) => {
  expect(parserOf(TIMESTAMPTZ_OID)(text)).toEqual(pg.types.getTypeParser(TIMESTAMPTZ_OID, 'text')(text));
});
