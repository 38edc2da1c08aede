const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** Moments in the words of a language. */
export interface TimeWords {
  /** How long ago a moment was; a date when that was more than a week. @param now ms since 1970. */
  ago(iso: string, now: number): string;
  /** A moment with its date and time. */
  full(iso: string): string;
}

/** Words of a language; undefined for the browser's own. */
export function timeWords(language: string | undefined): TimeWords {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    ago(iso, now) {
      const then = Date.parse(iso);
      const passedMs = Math.max(0, now - then);
      if (passedMs < MINUTE_MS) return 'just now';
      if (passedMs < HOUR_MS) return relative.format(-Math.floor(passedMs / MINUTE_MS), 'minute');
      if (passedMs < DAY_MS) return relative.format(-Math.floor(passedMs / HOUR_MS), 'hour');
      if (passedMs < WEEK_MS) return relative.format(-Math.floor(passedMs / DAY_MS), 'day');
      return date.format(then);
    },
    full: (iso) => moment.format(Date.parse(iso)),
  };
}

const words = timeWords(undefined);

/** How long ago a moment was, in the browser's language. */
export const timeAgo = (iso: string): string => words.ago(iso, Date.now());

/** A moment with its date and time, in the browser's language. */
export const fullTime = (iso: string): string => words.full(iso);
