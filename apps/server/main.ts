import { processEnvironment } from '@candlefish/kit/config';
import type { Terminal } from './cli/command.ts';
import { runCommandLine } from './cli/run.ts';

const terminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  interactive: process.stderr.isTTY === true,
};

process.exitCode = await runCommandLine(process.argv.slice(2), processEnvironment(), terminal);
