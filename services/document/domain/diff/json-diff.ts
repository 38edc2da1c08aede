import { isPlainObject } from '../json-value.ts';
import { canonicalOf } from '../reconcile/values.ts';
import { type DiffBudget, diffKeys } from '../text-diff.ts';

/** One operation of a JSON Patch (RFC 6902), with what stood there before, so that it can be read by itself. */
export interface JsonChange {
  readonly op: 'add' | 'remove' | 'replace';
  /** JSON Pointer (RFC 6901), in the document as the operations before have left it. */
  readonly path: string;
  /** What is there afterwards; absent for `remove`. */
  readonly value?: unknown;
  /** What was there; absent for `add`. */
  readonly before?: unknown;
}

/** How one JSON value becomes another. */
export interface JsonDiff {
  readonly changes: readonly JsonChange[];
  readonly isCoarse: boolean;
}

/** Operations of one comparison; a reader of more is better served by both documents. */
const CHANGES_MAX = 5_000;

/** How one JSON value becomes another, as a patch that leaves alone what both have. */
export function diffJson(before: unknown, after: unknown, budget: DiffBudget): JsonDiff {
  const diff = new Comparison(budget);
  diff.compare(before, after, '');
  if (diff.changes.length <= CHANGES_MAX) return { changes: diff.changes, isCoarse: diff.isCoarse };
  return { changes: [{ op: 'replace', path: '', value: after, before }], isCoarse: true };
}

class Comparison {
  readonly changes: JsonChange[] = [];
  isCoarse = false;
  readonly #budget: DiffBudget;

  constructor(budget: DiffBudget) {
    this.#budget = budget;
  }

  compare(before: unknown, after: unknown, path: string): void {
    if (this.changes.length > CHANGES_MAX) return;
    if (Array.isArray(before) && Array.isArray(after)) this.#compareLists(before, after, path);
    else if (isPlainObject(before) && isPlainObject(after)) this.#compareObjects(before, after, path);
    else if (canonicalOf(before) !== canonicalOf(after))
      this.changes.push({ op: 'replace', path, value: after, before });
  }

  #compareObjects(
    before: Readonly<Record<string, unknown>>,
    after: Readonly<Record<string, unknown>>,
    path: string,
  ): void {
    for (const key of Object.keys(before)) {
      if (Object.hasOwn(after, key)) this.compare(before[key], after[key], `${path}/${escaped(key)}`);
      else this.changes.push({ op: 'remove', path: `${path}/${escaped(key)}`, before: before[key] });
    }
    for (const [key, value] of Object.entries(after)) {
      if (!Object.hasOwn(before, key)) this.changes.push({ op: 'add', path: `${path}/${escaped(key)}`, value });
    }
  }

  #compareLists(before: readonly unknown[], after: readonly unknown[], path: string): void {
    const changes = diffKeys(
      before.map((value) => canonicalOf(value)),
      after.map((value) => canonicalOf(value)),
      this.#budget,
    );
    if (changes === null) this.isCoarse = true;
    // Operations apply one after another, so places count in the list as it is by then.
    let at = 0;
    let [removed, added]: [readonly unknown[], readonly unknown[]] = [[], []];
    const flush = (): void => {
      at = this.#replaceItems(removed, added, path, at);
      [removed, added] = [[], []];
    };
    const whole = [
      { kind: 'delete', before: 0, after: 0, length: before.length },
      { kind: 'insert', before: 0, after: 0, length: after.length },
    ] as const;
    for (const change of changes ?? whole) {
      if (change.kind === 'equal') {
        flush();
        at += change.length;
      } else if (change.kind === 'delete') {
        removed = removed.concat(before.slice(change.before, change.before + change.length));
      } else {
        added = added.concat(after.slice(change.after, change.after + change.length));
      }
    }
    flush();
  }

  /** @returns the place after the new items. */
  #replaceItems(removed: readonly unknown[], added: readonly unknown[], path: string, start: number): number {
    const both = Math.min(removed.length, added.length);
    for (let index = 0; index < both; index += 1) {
      this.compare(removed[index], added[index], `${path}/${start + index}`);
    }
    for (const before of removed.slice(both)) {
      this.changes.push({ op: 'remove', path: `${path}/${start + both}`, before });
    }
    for (const [index, value] of added.slice(both).entries()) {
      this.changes.push({ op: 'add', path: `${path}/${start + both + index}`, value });
    }
    return start + added.length;
  }
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
