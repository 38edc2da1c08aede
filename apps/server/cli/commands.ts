import type { Command } from './command.ts';
import { configCheck } from './config-check.ts';
import { deadLettersList, deadLettersRetry } from './dead-letters.ts';
import { doctor } from './doctor.ts';
import { keysRotate } from './keys-rotate.ts';
import { migrateCommand } from './migrate.ts';
import { seed } from './seed.ts';
import { serve, targetsList, up } from './serve.ts';
import { tenancyProve } from './tenancy-prove.ts';

/** Every command, in the order in which the overview shows them. */
export const commands: readonly Command[] = [
  up,
  serve,
  targetsList,
  migrateCommand,
  seed,
  doctor,
  configCheck,
  keysRotate,
  tenancyProve,
  deadLettersList,
  deadLettersRetry,
];
