/**
 * The life of a service in a process:
 *
 *     new ──► starting ──► running ──► stopping ──► terminated
 *                │            │            │
 *                └────────────┴────────────┴──────► failed
 */
export type LifeState = 'new' | 'starting' | 'running' | 'stopping' | 'terminated' | 'failed';

const NEXT: Readonly<Record<LifeState, readonly LifeState[]>> = {
  new: ['starting', 'terminated'],
  starting: ['running', 'failed', 'stopping'],
  running: ['stopping', 'failed'],
  stopping: ['terminated', 'failed'],
  terminated: [],
  failed: [],
};

/** What `/services` and `/ready` tell of one service. */
export interface ServiceStatus {
  readonly name: string;
  readonly state: LifeState;
  readonly since: Date;
  /** Why it failed, when it did. */
  readonly reason: string | null;
}

/** A service of the platform, here or in another process, as `health` shows it. */
export interface PlatformServiceStatus {
  readonly name: string;
  readonly state: LifeState | 'unreachable';
}

/** The state of one service; refuses moves that the picture above does not show. */
export class Life {
  readonly name: string;
  #status: ServiceStatus;

  constructor(name: string, now: Date) {
    this.name = name;
    this.#status = { name, state: 'new', since: now, reason: null };
  }

  get status(): ServiceStatus {
    return this.#status;
  }

  move(state: LifeState, now: Date, reason: string | null = null): void {
    if (!NEXT[this.#status.state].includes(state)) {
      throw new Error(`${this.name}: cannot go from ${this.#status.state} to ${state}`);
    }
    this.#status = { name: this.name, state, since: now, reason };
  }
}
