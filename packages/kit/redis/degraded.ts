/** The uses that go on without Redis, each in its declared way. */
export type DegradedUse = 'cache' | 'claims' | 'limits' | 'pubsub' | 'revocation';

/** Called each time a use could not reach Redis and took its declared fallback: count it as a metric. Must not throw. */
export type OnDegraded = (use: DegradedUse, error: unknown) => void;
