/** Keys of one batch; more become a further batch. Below PostgreSQL's limits by far, and one page of any list. */
const KEYS_MAX = 1_000;

interface Waiting<Row> {
  readonly resolve: (row: Row | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins look-ups by key that one request makes at the same time into one: twenty references to users become one
 * statement. Equal keys of a batch are loaded once. Nothing is remembered after the batch.
 * @param load Rows in any order, missing ones left out.
 * @param keyOf The key of a row, equal (as text) to the one asked for.
 */
export function batched<Context extends object, Row>(
  load: (ctx: Context, keys: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): (ctx: Context, key: string) => Promise<Row | null> {
  const open = new WeakMap<Context, Map<string, Waiting<Row>[]>>();

  const run = async (ctx: Context, batch: Map<string, Waiting<Row>[]>): Promise<void> => {
    if (open.get(ctx) === batch) open.delete(ctx);
    try {
      const rows = new Map((await load(ctx, [...batch.keys()])).map((row) => [keyOf(row), row] as const));
      for (const [key, waiting] of batch) for (const { resolve } of waiting) resolve(rows.get(key) ?? null);
    } catch (error) {
      for (const waiting of batch.values()) for (const { reject } of waiting) reject(error);
    }
  };

  return (ctx, key) =>
    new Promise((resolve, reject) => {
      let batch = open.get(ctx);
      if (batch === undefined || (batch.size >= KEYS_MAX && !batch.has(key))) {
        const started = new Map<string, Waiting<Row>[]>();
        batch = started;
        open.set(ctx, started);
        // A tick later all look-ups that the same step of execution makes have been asked for.
        process.nextTick(() => void run(ctx, started));
      }
      const waiting = batch.get(key);
      if (waiting === undefined) batch.set(key, [{ resolve, reject }]);
      else waiting.push({ resolve, reject });
    });
}
