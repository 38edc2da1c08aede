/** What is wrong with one place of a value. */
export interface Problem {
  /** RFC 6901 pointer from the root of the input: `/spec/skills/0/id`. */
  readonly pointer: string;
  readonly message: string;
}

/** More problems than these help nobody; the rest is left out. */
const PROBLEMS_MAX = 50;

/** Collects problems while a value is walked. */
export interface Problems {
  readonly list: readonly Problem[];
  add(pointer: string, message: string): void;
}

/** An empty collection. */
export function collectProblems(): Problems {
  const list: Problem[] = [];
  return {
    list,
    add(pointer, message) {
      if (list.length < PROBLEMS_MAX) list.push({ pointer, message });
    },
  };
}

/** The pointer one step further, with the step escaped (RFC 6901, section 3). */
export const pointerTo = (pointer: string, step: string | number): string =>
  `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
