import pg from 'pg';

type Row = Readonly<Record<string, unknown>>;

/**
 * A connection that is opened with its first statement and stays open: a new one costs a server more than most statements of a
 * test. While idle it keeps no process alive; one that breaks is opened again.
 */
export class KeptConnection {
  readonly #url: string;
  #opening: Promise<pg.Client> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  /** Runs statements one after another. */
  run(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const work = async (): Promise<readonly Row[]> => {
      this.#opening ??= this.#open();
      const client = await this.#opening;
      const { stream } = partsOf(client).connection;
      stream.ref();
      try {
        return (await client.query(text, [...values])).rows;
      } finally {
        stream.unref();
      }
    };
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Closes it; a later statement opens it again. */
  async end(): Promise<void> {
    await this.#last;
    const opening = this.#opening;
    this.#opening = null;
    await (await opening)?.end();
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#url });
    const forget = (): void => {
      this.#opening = null;
    };
    client.on('error', forget);
    client.on('end', forget);
    try {
      await client.connect();
    } catch (error) {
      forget();
      throw error;
    }
    return client;
  }
}

interface ClientParts {
  readonly connection: { readonly stream: { ref(): void; unref(): void } };
}

const partsOf = (client: pg.Client): ClientParts => client as unknown as ClientParts;
