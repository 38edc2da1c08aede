import { againstLimit } from '../lib/compare.ts';
import type { DialectName } from '../lib/dialect.ts';
import { writeLongTrace } from '../lib/document-trace.ts';
import type { Edited, EditorSettings } from '../lib/editors.ts';
import { IDLE_METHOD, type IdleSide, idleFigures } from '../lib/idle.ts';
import { type MemoryProbe, memoryProbe } from '../lib/memory.ts';
import { signUp, wholePlatform } from '../lib/platform.ts';
import { rotate } from '../lib/rotation.ts';
import { type Scene, withScene } from '../lib/scene.ts';
import { referenceCommand, type ServerProcess } from '../lib/server-process.ts';
import { ratioOf } from '../lib/statistics.ts';
import type { Bench, Comparison, Contender, Figure, Outcome, Row, Series } from '../lib/types.ts';
import { cpuMsOf } from '../lib/usage.ts';
import { forkWorker, WORKER_GRACE_MS } from '../lib/worker.ts';

const DOCUMENTS = 200;
const EDITORS = 5;
const EDITS_PER_SECOND = 10;

/**
 * Of a server that stores edits before it acknowledges them. Quality asks 1.2 of one that does not; here no edit leaves
 * before its commit, so there is none to measure.
 */
const CPU_MAX_RATIO = 1.7;
const ACKNOWLEDGED_P99_MS = 50;
const IDLE_KIB = 10;

/** Limits of sockets are counted, and never refuse. */
const ROOMY = { SOCKETS_PER_TENANT_MAX: '100000', SOCKETS_PER_USER_MAX: '100000', SOCKETS_PER_ADDRESS_MAX: '100000' };

interface Side extends IdleSide {
  readonly name: string;
  readonly dialect: DialectName;
  readonly server: ServerProcess;
  readonly headers: Readonly<Record<string, string>>;
  readonly documentIds: readonly string[];
}

/** A contender of editors, and what they saw. */
interface EditedContender extends Contender {
  readonly runs: readonly Edited[];
  stop(): Promise<void>;
}

/** Live editing against a relay that reads nothing, and against Hocuspocus. */
export const documents: Row = {
  name: 'documents',
  what: `${DOCUMENTS} documents, ${EDITORS} people each, ${EDITS_PER_SECOND} edits a second each: CPU of the server for an edit delivered to another`,
  run: (bench: Bench): Promise<Outcome> =>
    withScene(async (scene) => {
      const sides = await sidesOf(scene);
      // First: a server that was busy has memory at hand that new sockets would hide in.
      const idle = await idleFigures(
        sides.filter(({ name }) => name !== 'stock clients'),
        scene,
        bench.signal,
      );
      const contenders: EditedContender[] = [];
      for (const side of sides) contenders.push(await editing(side));
      scene.adopt(contenders);
      const series = await rotate(contenders, bench.effort, bench.signal);
      const platform = byName(contenders, 'platform').runs.slice(-bench.effort.rounds);
      const acknowledged = platform.map(({ acknowledgedMs }) => acknowledgedMs.p99 ?? Number.NaN);
      const trace = await longTraceOf(sides, scene);
      return {
        comparisons: [
          cpuAgainst(series, 'platform', 'relay', CPU_MAX_RATIO),
          cpuAgainst(series, 'stock clients', 'relay', CPU_MAX_RATIO),
          cpuAgainst(series, 'platform', 'hocuspocus', null),
          { ...againstLimit(acknowledged, ACKNOWLEDGED_P99_MS, 'ms'), against: 'an acknowledgement p99 of 50 ms' },
          {
            // What the machine adds by itself: the relay neither reads nor keeps anything.
            ...ratioOf(acknowledged, p99Of(series, 'relay')),
            against: 'the p99 with which the relay delivers',
            needs: 'nothing',
            isMet: true,
          },
          {
            ...againstLimit(idle[0]?.[0].values.slice(-1) ?? [], IDLE_KIB, 'KiB'),
            against: 'an idle socket of 10 KiB',
          },
        ],
        series,
        figures: [...editFigures(contenders, bench.effort.rounds), ...idle.flat(), ...trace],
        axis: { label: 'CPU µs per delivery', of: (slice) => (slice.cpuMsPerCall ?? 0) * 1_000 },
        load: `${DOCUMENTS * EDITORS} sockets of one process, ${DOCUMENTS * EDITORS * EDITS_PER_SECOND} edits a second, Yjs updates`,
        method: METHOD,
      };
    }),
};

const METHOD = [
  'An edit is a character: everybody types twenty in a row, then goes on at another place of what they wrote. A delivery is one edit that arrived at one other person, however many edits a frame held; a slice in which one is missing fails. Latencies are from edit to arrival.',
  'CPU is that of the server process; PostgreSQL runs beside it on the same cores and is not counted. Relay: forwards frames unread. Hocuspocus 4.7: no database, so what it acknowledges is in memory. Platform: every edit is committed before it is acknowledged and delivered; stock clients: the same without acknowledgements.',
  IDLE_METHOD,
  'Long trace: seph-blog1 of josephg/editing-traces (137,993 edits), sent in updates of 200 edits; loaded by a new client that holds nothing.',
];

async function sidesOf(scene: Scene): Promise<readonly Side[]> {
  const ofPlatform = await probeOf(scene);
  const platform = await wholePlatform(scene.database, { ...ROOMY, ...ofPlatform.environment });
  scene.adopt([platform]);
  const owner = await signUp(platform.origin);
  const headers = { authorization: `Bearer ${owner.token}` };
  const own = {
    server: platform,
    probe: ofPlatform,
    origin: socketOrigin(platform),
    headers,
    makeDocuments: (count: number) => makeDocuments(platform.origin, headers, count),
  };
  return [
    { ...own, name: 'platform', dialect: 'platform', documentIds: await own.makeDocuments(DOCUMENTS) },
    { ...own, name: 'stock clients', dialect: 'stock', documentIds: await own.makeDocuments(DOCUMENTS) },
    await reference('relay', scene),
    await reference('hocuspocus', scene),
  ];
}

async function reference(name: 'relay' | 'hocuspocus', scene: Scene): Promise<Side> {
  const probe = await probeOf(scene);
  const server = await scene.start({ ...referenceCommand(name, `${name}.ts`, {}), environment: probe.environment });
  let made = 0;
  const makeDocuments = async (count: number): Promise<readonly string[]> => {
    made += count;
    return Array.from({ length: count }, (_, n) => `${name}-${made - n}`);
  };
  const documentIds = await makeDocuments(DOCUMENTS);
  return { name, dialect: name, server, probe, origin: socketOrigin(server), headers: {}, makeDocuments, documentIds };
}

async function probeOf(scene: Scene): Promise<MemoryProbe> {
  const probe = await memoryProbe();
  scene.adopt([probe]);
  return probe;
}

async function makeDocuments(origin: string, headers: Side['headers'], count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const response = await fetch(`${origin}/api/v1/documents`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ title: `Bench ${n}` }),
    });
    if (response.status !== 201)
      throw new Error(`a document was answered ${response.status}: ${await response.text()}`);
    ids.push(((await response.json()) as { readonly id: string }).id);
  }
  return ids;
}

const socketOrigin = ({ origin }: ServerProcess): string => origin.replace(/^http/, 'ws');

async function editing(side: Side): Promise<EditedContender> {
  const settings: EditorSettings = {
    dialect: side.dialect,
    origin: side.origin,
    headers: side.headers,
    documentIds: side.documentIds,
    editorsPerDocument: EDITORS,
    editsPerSecond: EDITS_PER_SECOND,
  };
  const worker = await forkWorker(`editors of ${side.name}`, 'editors.ts', settings);
  const runs: Edited[] = [];
  return {
    name: side.name,
    runs,
    stop: () => worker.stop(),
    async slice(seconds) {
      const before = cpuMsOf(side.server.pid);
      const edited = await worker.ask<Edited>(seconds, seconds * 1_000 + WORKER_GRACE_MS);
      const after = cpuMsOf(side.server.pid);
      if (edited.deliveries < edited.expected) {
        throw new Error(
          `${side.name}: ${edited.expected - edited.deliveries} of ${edited.expected} deliveries are missing`,
        );
      }
      runs.push(edited);
      const { p50, p95, p99 } = edited.latencyMs;
      return {
        perSecond: edited.deliveries / edited.seconds,
        p50Ms: p50 ?? 0,
        p95Ms: p95 ?? 0,
        p99Ms: p99 ?? 0,
        cpuMsPerCall: before === null || after === null ? null : (after - before) / edited.deliveries,
      };
    },
  };
}

function byName(contenders: readonly EditedContender[], name: string): EditedContender {
  const found = contenders.find((contender) => contender.name === name);
  if (found === undefined) throw new Error(`nothing called ${name} was measured`);
  return found;
}

/** CPU for a delivery of the first against the second, at most `max`; null only shows it. */
function cpuAgainst(series: readonly Series[], name: string, reference: string, max: number | null): Comparison {
  const of = (wanted: string): readonly number[] =>
    series.find((one) => one.name === wanted)?.slices.map((slice) => slice.cpuMsPerCall ?? Number.NaN) ?? [];
  const ratio = ratioOf(of(name), of(reference));
  const against = name === 'platform' ? reference : `${reference}, ${name}`;
  if (max === null) return { against, ...ratio, needs: 'nothing', isMet: true };
  return { against, ...ratio, needs: `≤ ${max}`, isMet: ratio.ratio <= max };
}

const p99Of = (series: readonly Series[], wanted: string): readonly number[] =>
  series.find(({ name }) => name === wanted)?.slices.map(({ p99Ms }) => p99Ms) ?? [];

function editFigures(contenders: readonly EditedContender[], rounds: number): readonly Figure[] {
  return contenders.flatMap(({ name, runs }) => {
    const measured = runs.slice(-rounds);
    const figure = (what: string, unit: string, of: (run: Edited) => number | null): Figure => ({
      name: `${name}: ${what}`,
      unit,
      values: measured.map((run) => of(run) ?? 0),
    });
    const frames = figure('frames for each edit', 'frames', ({ frames: count, edits }) => count / edits);
    if (measured.every(({ acknowledgedMs }) => acknowledgedMs.p99 === null)) return [frames];
    return [
      frames,
      figure('acknowledged p50', 'ms', ({ acknowledgedMs }) => acknowledgedMs.p50),
      figure('acknowledged p99', 'ms', ({ acknowledgedMs }) => acknowledgedMs.p99),
    ];
  });
}

async function longTraceOf(sides: readonly Side[], { database }: Scene): Promise<readonly Figure[]> {
  const side = sides.find(({ name }) => name === 'platform');
  if (side === undefined) throw new Error('the platform was not started');
  const [documentId = ''] = await makeDocuments(side.server.origin, side.headers, 1);
  const trace = await writeLongTrace(side, documentId, database);
  const kilobytes = (bytes: number): readonly number[] => [bytes / 1_000];
  return [
    { name: 'long trace: first sync of a new client', unit: 'ms', values: trace.loadMs },
    { name: 'long trace: stored, log and snapshot', unit: 'kB', values: kilobytes(trace.storedBytes) },
    { name: 'long trace: stored, snapshot', unit: 'kB', values: kilobytes(trace.snapshotBytes) },
    { name: 'long trace: state as one update', unit: 'kB', values: kilobytes(trace.stateBytes) },
    { name: 'long trace: memory of the server after writing it', unit: 'kB', values: kilobytes(trace.memoryBytes) },
  ];
}
