import type { Load, LoadGenerator } from './load.ts';
import type { Contender } from './types.ts';
import { cpuMsOf } from './usage.ts';

/** What is loaded, and the processes whose CPU time counts for it. */
export interface HttpTarget {
  readonly name: string;
  readonly load: Load;
  readonly pids: readonly number[];
}

/** A contender that answers over HTTP. */
export const httpContender = (target: HttpTarget, generator: LoadGenerator): Contender => ({
  name: target.name,
  async slice(seconds) {
    const before = cpuOf(target.pids);
    const loaded = await generator.run(target.load, seconds);
    const after = cpuOf(target.pids);
    return {
      perSecond: loaded.calls / loaded.seconds,
      p50Ms: loaded.p50Ms,
      p95Ms: loaded.p95Ms,
      p99Ms: loaded.p99Ms,
      cpuMsPerCall: before === null || after === null ? null : (after - before) / loaded.calls,
    };
  },
});

/**
 * Sends each target's request once. @throws Error unless all answer 200 with the same JSON: programs that answer
 * differently cannot be compared.
 */
export async function assertSameAnswers(targets: readonly HttpTarget[]): Promise<void> {
  const answers: { readonly name: string; readonly text: string }[] = [];
  for (const { name, load } of targets) {
    const { origin, paths, method = 'GET', headers = {}, bodies = [] } = load;
    const response = await fetch(`${origin}${paths[0] ?? '/'}`, {
      method,
      headers,
      body: bodies[0] ?? null,
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${name} answered ${response.status}: ${text.slice(0, 2_000)}`);
    answers.push({ name, text: canonical(JSON.parse(text)) });
  }
  const [first] = answers;
  for (const { name, text } of answers) {
    if (first !== undefined && text !== first.text) {
      throw new Error(
        `${name} and ${first.name} answer differently:\n${text.slice(0, 600)}\n${first.text.slice(0, 600)}`,
      );
    }
  }
}

const ANSWER_MAX_MS = 10_000;

/** JSON with sorted members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function cpuOf(pids: readonly number[]): number | null {
  let total = 0;
  for (const pid of pids) {
    const used = cpuMsOf(pid);
    if (used === null) return null;
    total += used;
  }
  return total;
}
