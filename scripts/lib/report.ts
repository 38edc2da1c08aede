/** A finding of a check: where it is and what is wrong, in one sentence. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

/** More findings than this say nothing new and bury the first ones. */
const PROBLEMS_SHOWN_MAX = 50;

/**
 * Prints the findings, or `summary` when there are none, and sets the exit code of the process: 0 without findings,
 * 1 with any.
 */
export function report(problems: readonly Problem[], summary: string): void {
  if (problems.length === 0) {
    console.log(summary);
    return;
  }
  for (const { where, what } of problems.slice(0, PROBLEMS_SHOWN_MAX)) console.error(`${where}: ${what}`);
  const hidden = problems.length - PROBLEMS_SHOWN_MAX;
  if (hidden > 0) console.error(`… and ${hidden} more`);
  process.exitCode = 1;
}

/**
 * The members of `known` that are wanted: those named, or all when none is named.
 * @returns undefined when a name is unknown; the message is printed and the exit code of the process is 2.
 */
export function choose<T extends { readonly name: string }>(
  known: readonly T[],
  names: readonly string[],
): readonly T[] | undefined {
  const unknown = names.filter((name) => !known.some((one) => one.name === name));
  if (unknown.length === 0) return known.filter(({ name }) => names.length === 0 || names.includes(name));
  console.error(`nothing is called ${unknown.join(', ')}; there are: ${known.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
  return undefined;
}
