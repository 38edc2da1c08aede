import { createInProcessCache } from '@candlefish/kit/cache';
import { createDispatcher } from '@candlefish/kit/calls';
import { type Executor, pooled, requestScopeOf, systemClock, systemIds } from '@candlefish/kit/context';
import { Database } from '@candlefish/kit/db';
import { createEventFeed, createEventWriter, EventRelay, type HostedSubscriber } from '@candlefish/kit/events';
import { createJobWriter, JobRunner } from '@candlefish/kit/jobs';
import { Host } from '@candlefish/kit/lifecycle';
import { createInProcessRateLimiter } from '@candlefish/kit/limits';
import { createInProcessPubSub } from '@candlefish/kit/pubsub';
import { createPostgresRevocationLog, createRevocations } from '@candlefish/kit/revocation';
import type { ServiceDeclaration } from '@candlefish/kit/service';
import { createLog, createMetrics } from '@candlefish/kit/telemetry';
import type { TestDatabase } from './test-databases.ts';

/** Services on a test's own database, without a port: for tests of the kit itself. */
export interface TestHost {
  readonly host: Host;
  readonly database: Database;
  readonly relay: EventRelay;
  readonly runner: JobRunner;
  readonly subscribers: readonly HostedSubscriber[];
  contextOn(service: string, tenantId: string, executor: Executor): ReturnType<Host['system']>;
  close(): Promise<void>;
}

/** Starts the services on the database with in-process drivers. Readers and jobs begin when their `start` is called. */
export async function testHost(on: TestDatabase, services: readonly ServiceDeclaration[]): Promise<TestHost> {
  const log = createLog({ level: 'silent' });
  const database = new Database({
    url: on.appUrl,
    connectionsMax: 8,
    acquireTimeoutMs: 3_000,
    statementTimeoutMs: 10_000,
    prepared: true,
    applicationName: 'test',
    onIdleError: () => undefined,
  });
  const pubsub = createInProcessPubSub();
  const cache = await createInProcessCache();
  const revocations = createRevocations({
    log: createPostgresRevocationLog(database),
    pubsub,
    onDegraded: () => undefined,
    onListenerError: (error) => {
      throw error;
    },
  });
  await revocations.start();
  const draining = new AbortController();
  const dispatcher = createDispatcher({ host: () => host, remote: null, jsonRoundTrip: true });
  const host: Host = new Host(services, {
    environment: {},
    log,
    clock: systemClock,
    ids: systemIds(systemClock),
    executor: pooled(database),
    writeEvents: createEventWriter(pubsub),
    writeJob: createJobWriter(),
    dispatch: (ctx, call, input) => dispatcher.dispatch(ctx, call, input),
    shared: {
      cache,
      pubsub,
      limits: createInProcessRateLimiter(),
      revocations,
      metrics: createMetrics({ process: false }),
      events: createEventFeed(pubsub, draining.signal),
      deriveKey: () => new Uint8Array(32),
    },
  });
  await host.start();
  const contextOn = (service: string, tenantId: string, executor: Executor) =>
    host.ctx(service, { ...requestScopeOf(host.system(service, tenantId)), executor });
  const subscribers = services.flatMap((service) =>
    service.subscribers.map((subscriber) => ({ service: service.name, subscriber })),
  );
  const relay = new EventRelay({ subscribers, database, pubsub, log, now: () => new Date(), contextOf: contextOn });
  const runner = new JobRunner({
    concurrency: 2,
    jobsUrl: on.jobsUrl,
    jobs: services.flatMap((service) => service.jobs.map((handler) => ({ service: service.name, handler }))),
    crons: services.flatMap((service) => service.crons.map((cron) => ({ service: service.name, cron }))),
    log,
    contextOf: (service, tenantId, signal) => host.system(service, tenantId, signal),
  });
  return {
    host,
    database,
    relay,
    runner,
    subscribers,
    contextOn,
    async close() {
      draining.abort(new Error('the test is over'));
      await relay.stop();
      await runner.stop();
      await host.stop();
      await revocations.close();
      await cache.close();
      await pubsub.close();
      await database.close();
    },
  };
}
