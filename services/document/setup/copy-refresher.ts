import type { Logger } from '@candlefish/kit/telemetry';

/** How long nobody must have written before a readable copy follows. */
const PAUSE_MS = 2_000;
/** How long it may stay behind while somebody writes on: between these, so that documents that began together spread. */
const BEHIND_MIN_MS = 5_000;
const BEHIND_MAX_MS = 10_000;
/** Documents at once: each takes a connection. */
const AT_ONCE_MAX = 2;

interface Waiting {
  readonly tenantId: string;
  /** When it is due, whoever writes on. */
  readonly dueAtMs: number;
  lastAtMs: number;
}

/** Notes which documents were written over sockets, and has their readable copies follow after a pause. */
export class CopyRefresher {
  readonly #waiting = new Map<string, Waiting>();
  readonly #refresh: (tenantId: string, documentId: string) => Promise<void>;
  readonly #log: Logger;
  #atWork = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(refresh: (tenantId: string, documentId: string) => Promise<void>, log: Logger) {
    this.#refresh = refresh;
    this.#log = log;
  }

  /** A document has been written. */
  note(tenantId: string, documentId: string): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    const waiting = this.#waiting.get(documentId);
    if (waiting === undefined) {
      const dueAtMs = nowMs + BEHIND_MIN_MS + Math.random() * (BEHIND_MAX_MS - BEHIND_MIN_MS);
      this.#waiting.set(documentId, { tenantId, dueAtMs, lastAtMs: nowMs });
    } else waiting.lastAtMs = nowMs;
    this.#timer ??= setInterval(() => this.#look(), PAUSE_MS / 4).unref();
  }

  /** Stops; the timer of another node finds what is left. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.clear();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    for (const [documentId, { tenantId, dueAtMs, lastAtMs }] of this.#waiting) {
      if (this.#atWork >= AT_ONCE_MAX) return;
      if (nowMs - lastAtMs < PAUSE_MS && nowMs < dueAtMs) continue;
      this.#waiting.delete(documentId);
      void this.#run(tenantId, documentId);
    }
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async #run(tenantId: string, documentId: string): Promise<void> {
    this.#atWork += 1;
    try {
      await this.#refresh(tenantId, documentId);
    } catch (error) {
      // It stays noted in the database, where a timer finds it.
      this.#log.warn({ err: error, documentId }, 'the readable copy of a document could not be refreshed yet');
    } finally {
      this.#atWork -= 1;
    }
    if (!this.#isClosed) this.#look();
  }
}
