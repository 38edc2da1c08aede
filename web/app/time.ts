const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** How long ago a moment was; a date when that was more than a week. @param now ms since 1970. */
export function timeAgo(iso: string, now: number): string {
  const then = Date.parse(iso);
  const passedMs = Math.max(0, now - then);
  if (passedMs < MINUTE_MS) return 'just now';
  if (passedMs < HOUR_MS) return relative.format(-Math.floor(passedMs / MINUTE_MS), 'minute');
  if (passedMs < DAY_MS) return relative.format(-Math.floor(passedMs / HOUR_MS), 'hour');
  if (passedMs < WEEK_MS) return relative.format(-Math.floor(passedMs / DAY_MS), 'day');
  return date.format(then);
}

/** A moment with its date and time. */
export const fullTime = (iso: string): string => moment.format(Date.parse(iso));
