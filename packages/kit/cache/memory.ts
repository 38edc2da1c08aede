import { LRUCache } from 'lru-cache';

interface Entry {
  readonly value: unknown;
  readonly untilMs: number;
  readonly bytes: number;
  readonly tags: readonly string[];
}

/** Values in this process: bounded by bytes, forgotten by name, tag or time. */
export class MemoryLevel {
  private readonly entries: LRUCache<string, Entry>;
  private readonly namesByTag = new Map<string, Set<string>>();
  private readonly now: () => number;

  /** @param bytesMax of all values together, as JSON text counted twice for the parsed form. */
  constructor(bytesMax: number, now: () => number) {
    this.now = now;
    this.entries = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: (entry) => entry.bytes,
      dispose: (entry, name) => this.untag(name, entry.tags),
    });
  }

  get(name: string): { readonly value: unknown } | undefined {
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.untilMs > this.now()) return entry;
    this.entries.delete(name);
    return undefined;
  }

  set(name: string, value: unknown, textLength: number, tags: readonly string[], ttlMs: number): void {
    const bytes = name.length + ENTRY_BYTES + 2 * textLength;
    this.entries.set(name, { value, untilMs: this.now() + ttlMs, bytes, tags });
    // A value larger than the whole level is not kept.
    if (!this.entries.has(name)) return;
    for (const tag of tags) {
      const names = this.namesByTag.get(tag) ?? new Set<string>();
      this.namesByTag.set(tag, names.add(name));
    }
  }

  delete(name: string): void {
    this.entries.delete(name);
  }

  deleteTag(tag: string): void {
    for (const name of [...(this.namesByTag.get(tag) ?? [])]) this.entries.delete(name);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Entries and tags held, for tests of the bounds. */
  size(): { readonly entries: number; readonly bytes: number; readonly tags: number } {
    return { entries: this.entries.size, bytes: this.entries.calculatedSize, tags: this.namesByTag.size };
  }

  private untag(name: string, tags: readonly string[]): void {
    for (const tag of tags) {
      const names = this.namesByTag.get(tag);
      names?.delete(name);
      if (names?.size === 0) this.namesByTag.delete(tag);
    }
  }
}

const ENTRY_BYTES = 200; // the entry, its place in the map and in the list
