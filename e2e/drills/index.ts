import type { Drill } from './drill.ts';
import { r01 } from './r01-forced-row-level-security.ts';
import { r03 } from './r03-wrong-tenant.ts';
import { r04 } from './r04-refresh-families.ts';
import { r05 } from './r05-forged-tokens.ts';
import { r06 } from './r06-revocation.ts';

/** Every row that exists, in the order of the battery. */
export const drills: readonly Drill[] = [r01, r03, r04, r05, r06];
