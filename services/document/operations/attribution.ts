import { tenantOf } from '@candlefish/kit/context';
import * as Y from 'yjs';
import type { DocumentCtx } from '../ctx.ts';
import { type ClientRun, eachClientRun, FirstSeen, type Seen } from '../domain/attribution.ts';
import type { ContentType } from '../domain/content-types.ts';
import { listNewestUpdates, listWriters } from '../store/document-history.ts';
import { listVersionVectors } from '../store/document-versions.ts';
import { authorizeWork, requireAccess } from './document-access.ts';
import type { UpdateActor } from './follow-document.ts';
import { loadDocument } from './load-document.ts';

/** Runs of one answer; a document that many people wrote by single characters has more. */
const RUNS_MAX = 20_000;
/** Versions that tell since when something is there. */
const VERSIONS_MAX = 1_000;
/** Updates of the log that tell it more closely. */
const UPDATES_MAX = 5_000;
const UPDATE_BYTES_MAX = 4 * 1024 * 1024;

/** A part of the present content that one actor wrote. */
export interface AttributedRun {
  readonly path: readonly (string | number)[];
  readonly start: number;
  readonly length: number;
  /** The characters of a text; null for values and nodes. */
  readonly text: string | null;
  /** Who wrote it; null when that is not known. */
  readonly actor: UpdateActor | null;
  /** The first and the last version of the document that brought parts of it, as far as is known. */
  readonly fromSequence: number | null;
  readonly toSequence: number | null;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/** Who wrote what of the present content. */
export interface Attribution {
  readonly documentId: string;
  readonly version: number;
  readonly runs: readonly AttributedRun[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/**
 * Who wrote what of the present content, in its order. A restored or copied text counts as written by who restored it. When
 * something came is told by the log where it reaches back, else by the versions.
 * @throws AppError NOT_FOUND
 */
export async function readAttribution(ctx: DocumentCtx, documentId: string): Promise<Attribution> {
  const grant = authorizeWork(ctx);
  const document = await requireAccess(ctx, grant, documentId, 'view');
  const of = { tenantId: tenantOf(grant), documentId };
  const contentType = document.contentType as ContentType;
  const { doc, seq } = await loadDocument((statement) => ctx.query(grant, statement), { ...of, contentType });
  const versions = await ctx.query(grant, listVersionVectors({ ...of, epoch: document.epoch, limit: VERSIONS_MAX }));
  const updates = await ctx.query(
    grant,
    listNewestUpdates({ ...of, upTo: seq, rowsMax: UPDATES_MAX, bytesMax: UPDATE_BYTES_MAX }),
  );
  const writers = await ctx.query(grant, listWriters(of));
  const actors = new Map<number, UpdateActor>();
  const marks: { readonly seen: Seen; readonly clocks: ReadonlyMap<number, number> }[] = [];
  for (const { sequence, createdAt, stateVector } of versions) {
    marks.push({ seen: { sequence, at: createdAt }, clocks: Y.decodeStateVector(stateVector) });
  }
  for (const { sequence, createdAt, update, origin, clientId, actorKind, actorId, userId } of updates) {
    const { to } = Y.parseUpdateMeta(update);
    marks.push({ seen: { sequence, at: createdAt }, clocks: to });
    // A merge and the first update of a branch bring what others wrote, and name no client.
    if (clientId === null && origin !== 'socket') continue;
    for (const client of to.keys()) actors.set(client, { kind: actorKind, id: actorId, userId });
  }
  for (const { clientId, actorKind, actorId, userId } of writers) {
    actors.set(clientId, { kind: actorKind, id: actorId, userId });
  }
  const runs = new Runs(actors, firstSeenOf(marks));
  const isComplete = eachClientRun(doc, contentType, (run) => runs.add(run));
  return { documentId, version: seq, runs: runs.all, isComplete };
}

function firstSeenOf(
  marks: readonly { readonly seen: Seen; readonly clocks: ReadonlyMap<number, number> }[],
): FirstSeen {
  const firstSeen = new FirstSeen();
  // A state of a sequence and the update that made it tell the same.
  for (const { seen, clocks } of marks.toSorted((a, b) => a.seen.sequence - b.seen.sequence)) {
    for (const [client, end] of clocks) firstSeen.note(client, end, seen);
  }
  return firstSeen;
}

/** Joins neighbours that one actor wrote. */
class Runs {
  readonly all: AttributedRun[] = [];
  readonly #actors: ReadonlyMap<number, UpdateActor>;
  readonly #firstSeen: FirstSeen;

  constructor(actors: ReadonlyMap<number, UpdateActor>, firstSeen: FirstSeen) {
    this.#actors = actors;
    this.#firstSeen = firstSeen;
  }

  /** @returns whether there may be more. */
  add({ path, start, length, text, client, clock }: ClientRun): boolean {
    const actor = this.#actors.get(client) ?? null;
    const first = this.#firstSeen.of(client, clock);
    const last = this.#firstSeen.of(client, clock + length - 1);
    const run: AttributedRun = {
      path,
      start,
      length,
      text,
      actor,
      fromSequence: first?.sequence ?? null,
      toSequence: last?.sequence ?? null,
      firstAt: first?.at ?? null,
      lastAt: last?.at ?? null,
    };
    const before = this.all.at(-1);
    if (before !== undefined && isContinued(before, run)) this.all[this.all.length - 1] = joined(before, run);
    else if (this.all.length >= RUNS_MAX) return false;
    else this.all.push(run);
    return true;
  }
}

const isContinued = (before: AttributedRun, run: AttributedRun): boolean =>
  before.text !== null &&
  run.text !== null &&
  before.start + before.length === run.start &&
  before.path.length === run.path.length &&
  before.path.every((step, at) => step === run.path[at]) &&
  before.actor?.kind === run.actor?.kind &&
  before.actor?.id === run.actor?.id;

const joined = (before: AttributedRun, run: AttributedRun): AttributedRun => ({
  ...before,
  length: before.length + run.length,
  text: `${before.text ?? ''}${run.text ?? ''}`,
  fromSequence: lowest(before.fromSequence, run.fromSequence),
  toSequence: highest(before.toSequence, run.toSequence),
  firstAt: lowest(before.firstAt, run.firstAt),
  lastAt: highest(before.lastAt, run.lastAt),
});

const lowest = <T extends number | Date>(a: T | null, b: T | null): T | null =>
  a === null || (b !== null && b < a) ? b : a;
const highest = <T extends number | Date>(a: T | null, b: T | null): T | null =>
  a === null || (b !== null && b > a) ? b : a;
