/** A JSON Pointer as people read a path (RFC 6901, section 4: `~1` is a slash, `~0` a tilde). */
export const placeOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join(' › ') || 'everything';

/** A value as people read it: texts as they are, everything else as JSON. */
export const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
