import { type TestNetwork, testNetwork } from './network.ts';
import { testPostgres } from './postgres.ts';
import type { TestDatabase } from './test-databases.ts';

/** One platform in parts, all of them in this process; calls between them go over the network. */
export interface PartedNetwork extends AsyncDisposable {
  /** What the parts share, and nothing else. */
  readonly database: TestDatabase;
  /** In the order of their targets. */
  readonly parts: readonly TestNetwork[];
}

/** Starts a part for each target. @param targets Each calls services of those before it. */
export async function partedNetwork(targets: readonly string[]): Promise<PartedNetwork> {
  await using opened = new AsyncDisposableStack();
  const database = await testPostgres().createDatabase();
  opened.defer(() => database.drop());
  const parts: TestNetwork[] = [];
  const addresses: string[] = [];
  for (const target of targets) {
    const part = await testNetwork({ database, target, environment: { SERVICE_URLS: addresses.join(',') } });
    parts.push(opened.use(part));
    addresses.push(...part.platform.services.map((name) => `${name}=${part.url}`));
  }
  const all = opened.move();
  return { database, parts, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
