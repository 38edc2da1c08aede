import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** A change at a place: so many characters go, then a text comes. Places and lengths count Unicode code points. */
export type Patch = readonly [position: number, deleted: number, inserted: string];

/** A text that patches are put into; counts UTF-16 units, as JavaScript does. */
export interface PatchedText {
  insert(index: number, text: string): void;
  delete(index: number, length: number): void;
}

/** Puts a patch into a text. Both traces stay within the basic plane, so that code points are UTF-16 units. */
export function applyPatch(text: PatchedText, [position, deleted, inserted]: Patch): void {
  if (deleted > 0) text.delete(position, deleted);
  if (inserted !== '') text.insert(position, inserted);
}

/** What one person typed, in order. */
export interface SequentialTrace {
  readonly startContent: string;
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
}

/** What several people typed at once. */
export interface ConcurrentTrace {
  /** What every replica ends with. */
  readonly endContent: string;
  readonly numAgents: number;
  /** Each was typed on the merge of its parents (indexes of earlier ones), by one of the people. */
  readonly txns: readonly {
    readonly parents: readonly number[];
    readonly agent: number;
    readonly patches: readonly Patch[];
  }[];
}

const unzip = promisify(gunzip);

const read = async (name: string): Promise<unknown> =>
  JSON.parse((await unzip(await readFile(new URL(`traces/${name}.json.gz`, import.meta.url)))).toString('utf8'));

/** The longest trace: one person writing an article in 137,154 transactions. */
export const articleTrace = async (): Promise<SequentialTrace> => (await read('seph-blog1')) as SequentialTrace;

/** Two people typing at once: 26,078 transactions. */
export const conversationTrace = async (): Promise<ConcurrentTrace> =>
  (await read('friendsforever')) as ConcurrentTrace;
