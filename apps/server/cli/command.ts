import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Where a command writes: answers to `out`, progress and complaints to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person watches, so that progress may be redrawn. */
  readonly interactive: boolean;
}

/** What the process says with its exit code. */
export const EXIT = {
  ok: 0,
  /** The work failed, or a check found something. */
  failed: 1,
  /** The command line or the configuration cannot be used; nothing was done. */
  usage: 2,
} as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/** The parsed command line of one command. */
export interface Invocation {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  /** Environment after the flags that stand for variables (`--port`) were laid over it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
}

/** One option of a command. */
export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** Shown after the option: `PORT`, `FOLDER`. */
  readonly value?: string;
  readonly help: string;
  /** The variable that the option stands for. */
  readonly env?: string;
}

/** A command of `candlefish`. */
export interface Command {
  /** One or two words: `up`, `tenancy prove`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, when to use it, what can go wrong, and an example. */
  readonly help: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Names of the arguments that follow, for the usage line: `ID`. */
  readonly arguments?: readonly string[];
  run(invocation: Invocation): Promise<number>;
}

/** The command line was wrong; the message says how. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options that every command takes. */
const COMMON: Readonly<Record<string, CommandOption>> = {
  json: { type: 'boolean', help: 'answer as JSON, one document, for programs' },
  help: { type: 'boolean', help: 'show this' },
};

/** All options of a command, its own and the common ones. */
export const optionsOf = (command: Command): Readonly<Record<string, CommandOption>> => ({
  ...command.options,
  ...COMMON,
});

/** @throws UsageError that names the option or argument that is wrong. */
export function parseInvocation(
  command: Command,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Invocation {
  const options: Options = {};
  for (const [name, option] of Object.entries(optionsOf(command))) options[name] = { type: option.type };
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const wanted = command.arguments ?? [];
  const { positionals } = parsed;
  const values = parsed.values as Readonly<Record<string, string | boolean | undefined>>;
  if (values['help'] !== true && positionals.length !== wanted.length) {
    const expected = wanted.length === 0 ? 'no arguments' : wanted.join(' ');
    throw new UsageError(`candlefish ${command.name} takes ${expected}`);
  }
  const overlay: Record<string, string | undefined> = { ...environment };
  for (const [name, option] of Object.entries(command.options)) {
    const value = values[name];
    if (option.env !== undefined && value !== undefined) overlay[option.env] = String(value);
  }
  return { values, positionals, environment: overlay, terminal };
}

/** Lines of a command's help. */
export function helpOf(command: Command): string {
  const usage = ['candlefish', command.name, ...(command.arguments ?? []), '[options]'].join(' ');
  const rows = Object.entries(optionsOf(command)).map(([name, option]) => {
    const left = `--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
    return `  ${left.padEnd(22)} ${option.help}${option.env === undefined ? '' : ` (${option.env})`}`;
  });
  return [`${command.summary}\n`, `Usage: ${usage}\n`, command.help.trim(), '', 'Options:', ...rows].join('\n');
}
