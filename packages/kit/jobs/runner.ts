import { setTimeout as sleep } from 'node:timers/promises';
import { parseCronItems, type Runner, run, type TaskList, Logger as WorkerLogger } from 'graphile-worker';
import pg from 'pg';
import type { Ctx } from '../context/index.ts';
import type { Cron, JobHandler } from '../service/index.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { JobEnvelope } from './writer.ts';

/** Connections beside one for each job at work: one that listens, one spare. */
const CONNECTIONS_MORE = 2;
/** How often jobs that wait for their time are looked for; new ones are announced at once. */
const POLL_MS = 2_000;
/** The queue is tried again this long after it failed, as when the database restarts. */
const RESTART_MS = 1_000;
/** Longest run of a timer's work. */
const CRON_TIMEOUT_MS = 60_000;

/** A job handler or timer and the service it belongs to. */
export interface HostedJob {
  readonly service: string;
  readonly handler: JobHandler;
}

export interface HostedCron {
  readonly service: string;
  readonly cron: Cron;
}

/** What the runner of a process works with. */
export interface JobRunnerOptions {
  /** Connection string of the jobs role; reaches the server itself, since LISTEN does not pass a pooler. */
  readonly jobsUrl: string;
  readonly jobs: readonly HostedJob[];
  readonly crons: readonly HostedCron[];
  /** Jobs at work at once. */
  readonly concurrency: number;
  readonly log: Logger;
  contextOf(service: string, tenantId: string | null, signal: AbortSignal): Ctx;
  readonly onRun?: (job: string, outcome: 'done' | 'failed', durationMs: number) => void;
}

/** Runs the jobs and timers of this process's services. Goes on by itself after the database was away. */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #pool: pg.Pool;
  readonly #stopping = new AbortController();
  #runner: Runner | null = null;
  #loop: Promise<void> | null = null;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.jobsUrl,
      max: options.concurrency + CONNECTIONS_MORE,
      application_name: 'candlefish-jobs',
    });
    const lost = (error: Error): void => {
      // Once stopping, a connection that breaks is one that ends.
      if (!this.#stopping.signal.aborted) options.log.warn({ err: error }, 'a connection of the job queue broke');
    };
    this.#pool.on('error', lost);
    this.#pool.on('connect', (client) => client.on('error', lost));
  }

  async start(): Promise<void> {
    if (this.#options.jobs.length + this.#options.crons.length === 0) return;
    this.#runner = await this.#open();
    this.#loop = this.#keepRunning(this.#runner);
  }

  /** Stops taking jobs, lets those at work finish for 5 s, then aborts them; they will run again elsewhere. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the process stops'));
    await this.#runner?.stop().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'the job queue did not stop cleanly');
    });
    await this.#loop;
    await this.#pool.end();
  }

  async #keepRunning(first: Runner): Promise<void> {
    let runner: Runner | null = first;
    while (!this.#stopping.signal.aborted) {
      try {
        runner ??= await this.#open();
        this.#runner = runner;
        await runner.promise;
      } catch (error) {
        this.#options.log.warn({ err: error }, 'the job queue failed and is started again');
      }
      runner = null;
      await sleep(RESTART_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  #open(): Promise<Runner> {
    return run({
      pgPool: this.#pool,
      concurrency: this.#options.concurrency,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      taskList: this.#tasks(),
      parsedCronItems: parseCronItems(
        this.#options.crons.map(({ cron }) => ({ task: cron.name, match: cron.schedule, identifier: cron.name })),
      ),
      logger: workerLogger(this.#options.log),
    });
  }

  #tasks(): TaskList {
    const tasks: TaskList = {};
    for (const { service, handler } of this.#options.jobs) {
      tasks[handler.job.name] = (raw) => {
        const envelope = raw as JobEnvelope;
        return this.#timed(handler.job.name, handler.job.timeoutMs, (signal) =>
          handler.handle(this.#options.contextOf(service, envelope.tenantId, signal), envelope.payload),
        );
      };
    }
    for (const { service, cron } of this.#options.crons) {
      tasks[cron.name] = () =>
        this.#timed(cron.name, CRON_TIMEOUT_MS, (signal) =>
          cron.handle(this.#options.contextOf(service, null, signal)),
        );
    }
    return tasks;
  }

  async #timed(name: string, timeoutMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    let outcome: 'done' | 'failed' = 'failed';
    try {
      await work(AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#stopping.signal]));
      outcome = 'done';
    } finally {
      this.#options.onRun?.(name, outcome, performance.now() - startedAt);
    }
  }
}

/** The queue's own messages in our log: its chatter is debug, its troubles are not. */
const workerLogger = (log: Logger): WorkerLogger =>
  new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.error({}, message);
    else if (level === 'warning') log.warn({}, message);
    else log.debug({}, message);
  });
