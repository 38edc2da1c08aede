import type { ConcurrentTrace, Patch } from './editing-traces.ts';

/** What one person typed without hearing of the other meanwhile. */
export interface Turn {
  readonly patches: readonly Patch[];
  /** How many turns of the other one it builds on, beside all earlier ones of its own. */
  readonly heard: number;
}

/** The first transactions of each person that somebody knew of. */
type Known = readonly [number, number];

/**
 * A recorded conversation of two people as the turns of each of them. Whoever replays them on a copy that
 * holds the earlier turns of its own and `heard` turns of the other has, at each keystroke, exactly the parents that the
 * record names.
 * @throws Error unless there are two people, each of whom goes on from all that they typed before, as people do.
 */
export function turnsOf({ numAgents, txns }: ConcurrentTrace): readonly (readonly Turn[])[] {
  if (numAgents !== 2) throw new Error(`${numAgents} people talk`);
  const known = knownBy(txns);
  const cuts = [new Set<number>(), new Set<number>()] as const;
  for (const [index, { agent }] of txns.entries()) cuts[other(agent)]?.add(known[index]?.[other(agent)] ?? 0);
  const turns: { patches: Patch[]; heard: number }[][] = [[], []];
  const turnsUntil = [new Map([[0, 0]]), new Map([[0, 0]])] as const;
  for (const [index, { agent, patches }] of txns.entries()) {
    const own = turns[agent] ?? [];
    const count = known[index]?.[agent] ?? 0;
    const heard = turnsUntil[other(agent)]?.get(known[index]?.[other(agent)] ?? 0);
    if (heard === undefined) throw new Error(`transaction ${index} builds on a part of a turn`);
    const last = own.at(-1);
    // A turn ends where the other one has heard so far and no further.
    if (last !== undefined && last.heard === heard && !cuts[agent]?.has(count)) last.patches.push(...patches);
    else own.push({ patches: [...patches], heard });
    turnsUntil[agent]?.set(count + 1, own.length);
  }
  return turns;
}

const other = (agent: number): number => 1 - agent;

/** How many transactions of each person stand before each transaction. */
function knownBy(txns: ConcurrentTrace['txns']): readonly Known[] {
  const before: Known[] = [];
  const made: [number, number] = [0, 0];
  const at: number[] = [];
  for (const [index, { parents, agent }] of txns.entries()) {
    const known: [number, number] = [0, 0];
    for (const parent of parents) {
      const [one = 0, two = 0] = before[parent] ?? [];
      const reached = [one, two];
      reached[txns[parent]?.agent ?? 0] = (at[parent] ?? 0) + 1;
      known[0] = Math.max(known[0], reached[0] ?? 0);
      known[1] = Math.max(known[1], reached[1] ?? 0);
    }
    if (known[agent] !== made[agent]) throw new Error(`transaction ${index} passes over what its writer typed before`);
    at[index] = made[agent] ?? 0;
    made[agent === 0 ? 0 : 1] += 1;
    before.push(known);
  }
  return before;
}
