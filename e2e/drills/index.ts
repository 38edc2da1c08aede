import type { Drill } from './drill.ts';
import { r01 } from './r01-forced-row-level-security.ts';
import { r02 } from './r02-isolation.ts';
import { r03 } from './r03-wrong-tenant.ts';
import { r04 } from './r04-refresh-families.ts';
import { r05 } from './r05-forged-tokens.ts';
import { r06 } from './r06-revocation.ts';
import { r10 } from './r10-mass-assignment.ts';
import { r11 } from './r11-idempotency.ts';
import { r12 } from './r12-problems.ts';
import { r13 } from './r13-contract-fuzz.ts';
import { r14 } from './r14-graphql-abuse.ts';
import { r15 } from './r15-request-smuggling.ts';
import { r16 } from './r16-outgoing-addresses.ts';
import { r19 } from './r19-kills.ts';
import { r20 } from './r20-convergence.ts';
import { r21 } from './r21-partitions.ts';
import { r22 } from './r22-redis-lost.ts';
import { r23 } from './r23-database-trouble.ts';
import { r25 } from './r25-rate-limits.ts';
import { r29 } from './r29-rolling.ts';
import { r31 } from './r31-socket-flood.ts';
import { r32 } from './r32-resume.ts';

/** Every row that exists, in the order of the battery. */
export const drills: readonly Drill[] = [
  r01,
  r02,
  r03,
  r04,
  r05,
  r06,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  r16,
  r19,
  r20,
  r21,
  r22,
  r23,
  r25,
  r29,
  r31,
  r32,
];
