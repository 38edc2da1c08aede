/** Formats of text as this platform means them: what passes here, PostgreSQL takes. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
/** The part of RFC 5321 addresses that mail systems take: a dot-atom, an @, a host name with a dot. */
const EMAIL =
  /^[A-Z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z0-9]([A-Z0-9-]{0,61}[A-Z0-9])?$/i;
const EMAIL_CHARS_MAX = 254; // RFC 5321, section 4.5.3.1
const URI_CHARS_MAX = 2_048; // what common servers and browsers take

const YEAR_1_MS = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000_MS = Date.UTC(10_000, 0, 1);

/** A day that exists, of the years 1 to 9999. */
function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined || Number(year) === 0) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

/** A moment of RFC 3339 whose UTC form lies in the years 1 to 9999; leap seconds are refused, since Date has none. */
function isDateTime(text: string): boolean {
  const day = DATE_TIME.exec(text)?.[1];
  if (day === undefined || !isDate(day)) return false;
  const unixMs = Date.parse(text);
  return unixMs >= YEAR_1_MS && unixMs < YEAR_10000_MS;
}

const isEmail = (text: string): boolean => text.length <= EMAIL_CHARS_MAX && EMAIL.test(text);

/** An absolute http or https address. */
const isUri = (text: string): boolean =>
  text.length <= URI_CHARS_MAX && /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(text) && URL.canParse(text);

/** All formats a schema may name. Another name fails when the schema is compiled. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  uuid: (text) => UUID.test(text),
  date: isDate,
  'date-time': isDateTime,
  email: isEmail,
  uri: isUri,
};
