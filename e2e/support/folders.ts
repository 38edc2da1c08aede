import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { folderInMemory } from '@candlefish/testkit/folder-in-memory';

/** A folder that is gone after its use. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder of a name that holds a space, as names of people's folders do. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(folderInMemory(), 'candlefish test '));
  // The database of a killed process ends by itself a moment later.
  const options = { recursive: true, force: true, maxRetries: 20, retryDelay: 50 };
  return { path, [Symbol.asyncDispose]: () => rm(path, options) };
}
