import type { SignedUp } from '@candlefish/testkit/network';
import { bearer, type Follower, follow, type Transport } from '../../support/followers.ts';
import { textOf } from '../../support/writers.ts';
import type { Tally } from './tally.ts';
import { untilTrue } from './wait.ts';

/** Edits of a document and changes of agents, followed over one transport. */
export interface Streams {
  readonly transport: Transport;
  readonly updates: Follower<Updated>;
  readonly changes: Follower<Changed>;
}

interface Updated {
  readonly fromVersion: number;
  readonly version: number;
  readonly update: string;
  readonly cursor: string;
}

interface Changed {
  readonly reason: string;
  readonly cursor: string;
}

/** Cursor of GraphQL streams before the first event. */
const FROM_THE_START = Buffer.from('[0]').toString('base64url');
const THERE_WITHIN_MS = 20_000;

const DOCUMENT_UPDATED = `subscription Follow($id: ID!, $after: Cursor) {
  documentUpdated(id: $id, after: $after) { fromVersion version update cursor }
}`;
const STATUS_CHANGED = `subscription Follow($tenantId: ID!, $after: Cursor) {
  agentStatusChanged(tenantId: $tenantId, after: $after) { reason cursor }
}`;

/** Follows a document from a cursor on, and the tenant's agents from the start. */
export function followBoth(
  url: string,
  { owner, documentId, cursor }: { readonly owner: SignedUp; readonly documentId: string; readonly cursor: string },
  transport: Transport,
): Streams {
  const connect = { url, credential: bearer(owner.token), transport };
  const updates = { query: DOCUMENT_UPDATED, variables: { id: documentId, after: cursor } };
  const changes = { query: STATUS_CHANGED, variables: { tenantId: owner.tenantId, after: FROM_THE_START } };
  return {
    transport,
    updates: follow<Updated>(connect, 'documentUpdated', updates),
    changes: follow<Changed>(connect, 'agentStatusChanged', changes),
  };
}

/**
 * Waits until all has come, and checks that nothing is missing, doubled or out of order.
 * @param changes How many changes there were, whose reasons count up from 0.
 * @param text What the document says.
 */
export async function checkStreams(
  { transport, updates, changes }: Streams,
  expected: { readonly changes: number; readonly text: string },
  tally: Tally,
): Promise<void> {
  const reasons = (await changes.reached(expected.changes)).map(({ reason }) => reason);
  const inOrder = Array.from({ length: expected.changes }, (_, n) => String(n));
  tally.check(String(reasons) === String(inOrder), () => `${transport} changes: ${differences(reasons)}`);
  const read = (): string => textOf(updates.items.map(({ update }) => update));
  const isThere = await untilTrue(() => read() === expected.text, THERE_WITHIN_MS);
  tally.check(isThere !== null, `${transport} updates give another text than the document has`);
  const ranges = updates.items.map(({ fromVersion, version }) => `${fromVersion}–${version}`);
  const odd = updates.items.filter(({ fromVersion }, at) => fromVersion !== (updates.items[at - 1]?.version ?? 0) + 1);
  tally.check(odd.length === 0, () => `${transport} updates: ${ranges.join(' ')}`);
}

/** How often followers were cut off or sent on. */
export const breaksOf = (streams: readonly Streams[]): number =>
  streams.reduce((sum, { updates, changes }) => sum + updates.breaks + changes.breaks, 0);

/** Where a list of numbers that should rise by one does not, in a few words. */
export function differences(numbers: readonly string[]): string {
  const odd = numbers.filter((number, index) => index > 0 && Number(number) !== Number(numbers[index - 1]) + 1);
  return `${numbers.length} from ${numbers[0]} to ${numbers.at(-1)}, out of order at ${odd.slice(0, 5).join(' ')}`;
}
