/**
 * Runs rows of the reliability and security battery against a real platform: one line per row, `R1 PASS|FAIL figure`.
 * Exits with 1 when one failed, with 2 when an id is unknown.
 *
 * Usage: npm run drill -- [R1 R2 …]     (all that exist without ids)
 */

import type { Drill } from './drill.ts';
import { drills } from './index.ts';
import { runDrill, startDrillPostgres } from './lib/session.ts';

function wanted(ids: readonly string[]): readonly Drill[] | null {
  const unknown = ids.filter((id) => !drills.some((drill) => drill.id === id.toUpperCase()));
  if (unknown.length > 0) {
    const known = drills.map((drill) => drill.id).join(' ');
    console.error(`drill: there is no row ${unknown.join(', ')}; there are ${known}`);
    return null;
  }
  if (ids.length === 0) return drills;
  const chosen = new Set(ids.map((id) => id.toUpperCase()));
  return drills.filter((drill) => chosen.has(drill.id));
}

async function main(args: readonly string[]): Promise<number> {
  const chosen = wanted(args);
  if (chosen === null) return 2;
  const postgres = await startDrillPostgres();
  let failed = 0;
  try {
    // One after another: several measure how long something takes.
    for (const drill of chosen) {
      const { pass, figure, seconds } = await runDrill(drill, postgres);
      if (!pass) failed += 1;
      console.log(`${drill.id} ${pass ? 'PASS' : 'FAIL'} ${figure} (${seconds.toFixed(1)} s)`);
    }
  } finally {
    await postgres.stop();
  }
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
