/** A hunt for rare faults runs each property this often more, by the setting `PROPERTY_RUNS` (1). */
const FACTOR = Number(process.env['PROPERTY_RUNS'] ?? 1);
if (!(FACTOR >= 1)) throw new RangeError('PROPERTY_RUNS is a number from 1');

/** How often fast-check tries a property; in a hunt that many times as often. */
export const runs = (usual: number): { readonly numRuns: number } => ({ numRuns: Math.round(usual * FACTOR) });
