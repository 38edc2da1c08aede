import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds in seconds: fine where the promises lie (5 ms to 1 s), coarse outside. */
const DURATION_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 10];

type Labels = Readonly<Record<string, string | number>>;

/** Counts and durations of one process. Made once and passed on; there is no default registry. */
export interface Metrics {
  /**
   * The counter of this name; asking again with the same name gives the same one.
   * @param labels closed sets only: a label with ids would grow without bound.
   */
  counter(name: string, help: string, labels?: readonly string[]): Counter<string>;
  /** A histogram of durations in seconds. */
  duration(name: string, help: string, labels?: readonly string[]): Histogram<string>;
  /** A value that is read when somebody looks, such as the connections of a pool. */
  watch(name: string, help: string, read: () => readonly { readonly labels?: Labels; readonly value: number }[]): void;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** @param options.process whether memory, CPU, garbage collection and the lag of the event loop are measured too. */
export function createMetrics(options: { readonly process: boolean }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const known = <M>(name: string): M | undefined => registry.getSingleMetric(name) as M | undefined;
  const common = { registers: [registry] };
  return {
    counter: (name, help, labelNames = []) =>
      known<Counter<string>>(name) ?? new Counter({ ...common, name, help, labelNames }),
    duration: (name, help, labelNames = []) =>
      known<Histogram<string>>(name) ??
      new Histogram({ ...common, name, help, labelNames, buckets: DURATION_BUCKETS_S }),
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
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
