import type { Registry } from 'prom-client';

/** Upper bounds in seconds: fine where the promises lie (5 ms to 1 s), coarse outside. */
const BOUNDS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 10] as const;

type Labels = Readonly<Record<string, string | number>>;

/** One line of what a registry writes out. */
interface Value {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/**
 * A histogram of durations whose series are looked up once and kept by their user. prom-client's own finds the series anew
 * for each observation, by a text of all its labels; with two or three a request that is a measurable part of a short one.
 */
export class Durations {
  readonly name: string;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #labelNames: readonly string[];
  readonly #series = new Map<string, DurationSeries>();

  /** @param labelNames closed sets only: a label with ids would grow without bound. */
  constructor(name: string, help: string, labelNames: readonly string[]) {
    this.name = name;
    this.help = help;
    this.#labelNames = labelNames;
    if (labelNames.length === 0) this.of({});
  }

  /** The series of these labels; the same one for the same labels. @throws Error unless they are those of the histogram. */
  of(labels: Labels): DurationSeries {
    const names = Object.keys(labels);
    if (names.length !== this.#labelNames.length || !this.#labelNames.every((name) => names.includes(name)))
      throw new Error(`${this.name} has the labels ${this.#labelNames.join(', ')}`);
    const key = JSON.stringify(this.#labelNames.map((name) => labels[name]));
    let series = this.#series.get(key);
    if (series === undefined) {
      series = new DurationSeries(labels);
      this.#series.set(key, series);
    }
    return series;
  }

  /** Called by the registry. */
  get(): Promise<Pick<Durations, 'name' | 'help' | 'type' | 'aggregator'> & { readonly values: readonly Value[] }> {
    const { name, help, type, aggregator } = this;
    const values = [...this.#series.values()].flatMap((series) => series.values(name));
    return Promise.resolve({ name, help, type, aggregator, values });
  }
}

/** Durations under one combination of labels. */
export class DurationSeries {
  readonly #labels: Labels;
  /** Observations by the first bound that they do not exceed; the last place is for those beyond all. */
  readonly #counts = BOUNDS_S.map(() => 0).concat(0);
  #sum = 0;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  observe(seconds: number): void {
    let place = 0;
    while (place < BOUNDS_S.length && seconds > (BOUNDS_S[place] as number)) place += 1;
    (this.#counts[place] as number) += 1;
    this.#sum += seconds;
  }

  /** Prometheus' form of a histogram: each bucket holds the smaller ones too. */
  values(name: string): readonly Value[] {
    let count = 0;
    const buckets = this.#counts.map((counted, place) => {
      count += counted;
      const le = BOUNDS_S[place] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, ...this.#labels }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: this.#labels, value: this.#sum },
      { metricName: `${name}_count`, labels: this.#labels, value: count },
    ];
  }
}

/** Lets a registry write the histogram out. */
export function register(registry: Registry, durations: Durations): void {
  // Its types ask for one of its own classes; it reads name, help, type and `get`.
  registry.registerMetric(durations as never);
}
