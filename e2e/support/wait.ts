/** Between two looks; short beside anything waited for. */
const LOOK_MS = 20;

/**
 * Looks until there is something to see.
 * @param what Completes "not within N ms: …".
 * @throws Error when nothing is seen by the deadline.
 */
export async function eventually<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | null> | T | null,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
