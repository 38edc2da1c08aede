import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { Durations, register } from './durations.ts';

type Labels = Readonly<Record<string, string | number>>;

/** How often something has happened under one combination of labels. */
export interface Tally {
  readonly labels: Labels;
  readonly value: number;
}

/** Counts and durations of one process. Made once and passed on; there is no default registry. */
export interface Metrics {
  /**
   * The counter of this name; asking again with the same name gives the same one.
   * @param labels closed sets only: a label with ids would grow without bound.
   */
  counter(name: string, help: string, labels?: readonly string[]): Counter<string>;
  /** A histogram of durations in seconds. */
  duration(name: string, help: string, labels?: readonly string[]): Durations;
  /** A counter that is read when somebody looks, for what is counted elsewhere and often. Values never fall. */
  tally(name: string, help: string, labels: readonly string[], read: () => Iterable<Tally>): void;
  /** A value that is read when somebody looks, such as the connections of a pool. */
  watch(name: string, help: string, read: () => readonly { readonly labels?: Labels; readonly value: number }[]): void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * The lag of the event loop is sampled this often, and its percentiles begin at that; what keeps a request waiting is longer. Every
 * 10 ms, the usual, took half of what an idle server uses: 13 ms of CPU a second.
 */
const LAG_SAMPLE_MS = 50;

let registryOfProcess: Registry | undefined;

/**
 * Memory, CPU, garbage collection and the lag of the event loop. There is one process, and what observes it cannot be ended: with
 * one for each platform that a process starts, they would add up.
 */
function ofProcess(): Registry {
  if (registryOfProcess === undefined) {
    registryOfProcess = new Registry();
    collectDefaultMetrics({ register: registryOfProcess, eventLoopMonitoringPrecision: LAG_SAMPLE_MS });
  }
  return registryOfProcess;
}

/** @param options.process whether memory, CPU, garbage collection and the lag of the event loop are measured too. */
export function createMetrics(options: { readonly process: boolean }): Metrics {
  const registry = new Registry();
  const registries = options.process ? [ofProcess(), registry] : [registry];
  const known = <M>(name: string): M | undefined => registry.getSingleMetric(name) as M | undefined;
  const common = { registers: [registry] };
  return {
    counter: (name, help, labelNames = []) =>
      known<Counter<string>>(name) ?? new Counter({ ...common, name, help, labelNames }),
    duration(name, help, labelNames = []) {
      const found = known<Durations>(name);
      if (found !== undefined) return found;
      const made = new Durations(name, help, labelNames);
      register(registry, made);
      return made;
    },
    tally(name, help, labelNames, read) {
      new Counter({
        ...common,
        name,
        help,
        labelNames,
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.inc({ ...labels }, value);
        },
      });
    },
    watch(name, help, read) {
      const labelNames = [...new Set(read().flatMap(({ labels }) => Object.keys(labels ?? {})))];
      new Gauge({
        ...common,
        name,
        help,
        labelNames,
        collect() {
          this.reset();
          for (const { labels, value } of read()) this.set({ ...labels }, value);
        },
      });
    },
    text: async () => (await Promise.all(registries.map((one) => one.metrics()))).join(''),
    contentType: registry.contentType,
  };
}
