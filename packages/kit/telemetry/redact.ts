/** Names whose values never reach a log, at any depth. Compared in lower case without `_` and `-`. */
const SENSITIVE =
  /^(authorization|cookie|setcookie|xapikey|apikey|email|mail|phone|credential|dsn|connectionstring|databaseurl|redisurl)$|password|passphrase|secret|token|privatekey|keyhash/;

/** Text that is a credential by its form, wherever it stands. */
const CREDENTIALS = [
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g,
  /\bcf_[a-z]+_[A-Za-z0-9]{8,}/g,
  // A JSON web token: two base64url parts that begin like `{"`, and a signature.
  /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g,
  // User and password inside an address.
  /(?<=\b[a-z][a-z0-9+.-]*:\/\/)[^\s:@/"]*:[^\s@/"]+(?=@)/g,
  /\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/g,
];
/** A quick look that nearly every line passes. */
const SUSPICIOUS = /[Bb]earer|Basic |cf_|eyJ|@/;

const REDACTED = '[redacted]';
/** Deeper values are cut off: a log line is not an archive. */
const DEPTH_MAX = 6;

/** Names judged before; log lines of a program use few different ones. */
const judged = new Map<string, boolean>();
const JUDGED_MAX = 1_000;

function isSensitive(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const verdict = SENSITIVE.test(name.toLowerCase().replaceAll(/[_-]/g, ''));
  if (judged.size < JUDGED_MAX) judged.set(name, verdict);
  return verdict;
}

/** The fields of a log line with the values of sensitive names replaced. Errors and other class instances pass unchanged. */
export function redactFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    clean[name] = isSensitive(name) && value !== null && value !== undefined ? REDACTED : redactValue(value, depth);
  }
  return clean;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return redactFields(value as Readonly<Record<string, unknown>>, depth + 1);
}

/** A finished log line with everything that looks like a credential or a mail address replaced. */
export function scrubLine(line: string): string {
  if (!SUSPICIOUS.test(line)) return line;
  return CREDENTIALS.reduce((text, pattern) => text.replace(pattern, REDACTED), line);
}
