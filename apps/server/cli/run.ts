import { type Command, EXIT, helpOf, parseInvocation, type Terminal, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { explain } from './explain.ts';

function overview(): string {
  const rows = commands.map((command) => `  ${command.name.padEnd(20)} ${command.summary}`);
  return [
    'candlefish: a platform for companies that run on AI agents and shared documents',
    '',
    'Usage: candlefish COMMAND [options]',
    '',
    ...rows,
    '',
    'candlefish COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong command line or configuration.',
  ].join('\n');
}

/** The command that the first words name, and the words after them. */
function find(args: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } | null {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: args.slice(words) };
  }
  return null;
}

/** Runs `candlefish ARGUMENTS`. Returns the exit code; what went wrong has been told by then. */
export async function runCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<number> {
  if (args.length === 0 || args[0] === '--help' || args[0] === 'help') {
    terminal.out(overview());
    return args.length === 0 ? EXIT.usage : EXIT.ok;
  }
  const found = find(args);
  if (found === null) {
    terminal.err(`candlefish: there is no command "${args.join(' ')}"\n\n${overview()}`);
    return EXIT.usage;
  }
  try {
    const invocation = parseInvocation(found.command, found.rest, environment, terminal);
    if (invocation.values['help'] === true) {
      terminal.out(helpOf(found.command));
      return EXIT.ok;
    }
    return await found.command.run(invocation);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`candlefish: ${error.message}\nTry: candlefish ${found.command.name} --help`);
      return EXIT.usage;
    }
    const { message, exitCode } = explain(error);
    terminal.err(message);
    return exitCode;
  }
}
