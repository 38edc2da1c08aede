import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { importPeer } from './peers.ts';

const run = promisify(execFile);

/** What to send. Several paths or several bodies are sent in turn. */
export interface Load {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly paths: readonly string[];
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodies?: readonly string[];
  /** Default: 32, enough to keep a server busy, few enough not to measure its queue. */
  readonly connections?: number;
}

interface Call {
  readonly path: string;
  readonly body: string | undefined;
}

/** Every path with every body. */
const callsOf = ({ paths, bodies }: Load): readonly Call[] =>
  paths.flatMap((path): readonly Call[] => (bodies ?? [undefined]).map((body) => ({ path, body })));

/** What came of it. */
export interface Loaded {
  readonly calls: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Sends requests as fast as they are answered, over a fixed number of connections. */
export interface LoadGenerator {
  /** Name and version, for the results. */
  readonly name: string;
  /** @throws Error when an answer was not 2xx, or a connection broke: such a slice measures something else. */
  run(load: Load, seconds: number): Promise<Loaded>;
}

const CONNECTIONS = 32;
/** Beyond its slice, a generator that has not ended is stuck. */
const GRACE_MS = 15_000;

/** wrk when it is installed, since it takes the least of the machine; autocannon otherwise. */
export async function loadGenerator(): Promise<LoadGenerator> {
  const probe = spawnSync('wrk', ['-v'], { encoding: 'utf8', timeout: GRACE_MS });
  if (probe.error === undefined) {
    const version = /^wrk \S+/.exec(`${probe.stdout}${probe.stderr}`)?.[0] ?? 'wrk';
    return { name: version.replace(' debian/', ' '), run: runWrk };
  }
  return createAutocannon();
}

interface WrkReport {
  readonly requests: number;
  readonly microseconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly failed: number;
}

async function runWrk(load: Load, seconds: number): Promise<Loaded> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, wrkScript(load));
    const wholeSeconds = Math.max(1, Math.round(seconds));
    const args = [
      '-t1',
      `-c${load.connections ?? CONNECTIONS}`,
      `-d${wholeSeconds}s`,
      '--timeout',
      '10s',
      '-s',
      script,
      load.origin,
    ];
    const { stdout } = await run('wrk', args, { timeout: wholeSeconds * 1_000 + GRACE_MS });
    const line = stdout.split('\n').find((candidate) => candidate.startsWith('REPORT '));
    if (line === undefined) throw new Error(`wrk gave no report: ${stdout}`);
    const report = JSON.parse(line.slice('REPORT '.length)) as WrkReport;
    if (report.failed > 0) throw new Error(`${load.origin}: ${report.failed} of ${report.requests} calls failed`);
    return {
      calls: report.requests,
      seconds: report.microseconds / 1_000_000,
      p50Ms: report.p50 / 1_000,
      p95Ms: report.p95 / 1_000,
      p99Ms: report.p99 / 1_000,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Text between long brackets is taken as it stands, so bodies need no escaping. As a key it needs blanks around it. */
const lua = (text: string): string => `[====[${text}]====]`;

function wrkScript(load: Load): string {
  const { method = 'GET', headers = {} } = load;
  const fields = Object.entries(headers).map(([name, value]) => `[ ${lua(name)} ] = ${lua(value)}`);
  const texts = callsOf(load).map(({ path, body }) => {
    const sent = body === undefined ? 'nil' : lua(body);
    return `  requests[#requests + 1] = wrk.format(nil, ${lua(path)}, nil, ${sent})`;
  });
  return `
wrk.method = "${method}"
wrk.headers = { ${fields.join(', ')} }
local requests, turn = {}, 0
init = function()
${texts.join('\n')}
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'REPORT {"requests":%d,"microseconds":%d,"p50":%d,"p95":%d,"p99":%d,"failed":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

interface AutocannonResult {
  readonly '2xx': number;
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly duration: number;
  readonly latency: { readonly p50: number; readonly p97_5: number; readonly p99: number };
}

interface Autocannon {
  readonly default: (options: object) => Promise<AutocannonResult>;
}

async function createAutocannon(): Promise<LoadGenerator> {
  const { default: fire } = await importPeer<Autocannon>('autocannon');
  return {
    name: 'autocannon (whole milliseconds; its p97.5 stands for p95)',
    async run(load, seconds) {
      const { origin, method = 'GET', headers = {} } = load;
      const requests = callsOf(load).map(({ path, body }) => ({ path, method, headers, body }));
      const result = await fire({
        url: origin,
        connections: load.connections ?? CONNECTIONS,
        duration: seconds,
        requests,
      });
      const failed = result.non2xx + result.errors + result.timeouts;
      if (failed > 0) throw new Error(`${origin}: ${failed} calls failed beside ${result['2xx']} good ones`);
      const { p50, p97_5: p95, p99 } = result.latency;
      return { calls: result['2xx'], seconds: result.duration, p50Ms: p50, p95Ms: p95, p99Ms: p99 };
    },
  };
}
