import { inspect } from 'node:util';

/** A value that prints as `[secret]`, so that logs and errors cannot leak it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

/** One setting: the variable it comes from, how its text becomes a value, and what an operator should know of it. */
export interface Option<T> {
  /** Environment variable, upper snake case. */
  readonly env: string;
  /** One sentence: what it does, unit, range. Becomes the row of the configuration table. */
  readonly doc: string;
  /** Shown in the table; undefined when it must be set. */
  readonly defaultText: string | undefined;
  /** Whether the value is hidden wherever configuration is shown. */
  readonly secret: boolean;
  /**
   * @param isProduction What will do for tests may be too little for customers.
   * @throws Error whose message says what is wrong, without the variable's name.
   */
  parse(text: string | undefined, isProduction: boolean): T;
}

/** The settings of a service or of the platform, by the name the code uses. */
export type ConfigSpec = Readonly<Record<string, Option<unknown>>>;

/** The values that a spec yields. */
export type ConfigOf<S extends ConfigSpec> = { readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never };

interface Common<T> {
  readonly doc: string;
  readonly default?: T;
}

function option<T>(
  env: string,
  common: Common<T>,
  read: (text: string, isProduction: boolean) => T,
  hidden = false,
): Option<T> {
  return {
    env,
    doc: common.doc,
    defaultText: common.default === undefined ? undefined : JSON.stringify(common.default),
    secret: hidden,
    parse(raw, isProduction) {
      if (raw === undefined || raw === '') {
        if (common.default === undefined) throw new Error('must be set');
        return common.default;
      }
      return read(raw, isProduction);
    },
  };
}

/** A whole number within bounds; the lower one may be another in production. */
export const int = (
  env: string,
  spec: Common<number> & { readonly min: number; readonly minInProduction?: number; readonly max: number },
): Option<number> =>
  option(env, spec, (raw, isProduction) => {
    const value = Number(raw);
    if (!Number.isSafeInteger(value)) throw new Error(`"${raw}" is not a whole number`);
    if (value < spec.min || value > spec.max) throw new Error(`${value} is not between ${spec.min} and ${spec.max}`);
    if (isProduction && spec.minInProduction !== undefined && value < spec.minInProduction)
      throw new Error(`${value} is less than ${spec.minInProduction}, which production asks for`);
    return value;
  });

/** `true` or `false`. */
export const bool = (env: string, spec: Common<boolean>): Option<boolean> =>
  option(env, spec, (raw) => {
    if (raw === 'true' || raw === '1' || raw === 'on') return true;
    if (raw === 'false' || raw === '0' || raw === 'off') return false;
    throw new Error(`"${raw}" is neither true nor false`);
  });

/** Text. */
export const text = (env: string, spec: Common<string>): Option<string> => option(env, spec, (raw) => raw);

/** One of a closed set of words. */
export const oneOf = <const T extends string>(env: string, values: readonly T[], spec: Common<T>): Option<T> =>
  option(env, spec, (raw) => {
    const found = values.find((value) => value === raw);
    if (found === undefined) throw new Error(`"${raw}" is none of ${values.join(', ')}`);
    return found;
  });

/** Words separated by commas. */
export const list = (env: string, spec: Common<readonly string[]>): Option<readonly string[]> =>
  option(env, spec, (raw) =>
    raw
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** An absolute URL of one of the given schemes; undefined when it is not set. */
export const url = (
  env: string,
  schemes: readonly string[],
  spec: { readonly doc: string },
): Option<URL | undefined> => ({
  env,
  doc: spec.doc,
  defaultText: '(none)',
  secret: false,
  parse(raw) {
    if (raw === undefined || raw === '') return undefined;
    if (!URL.canParse(raw)) throw new Error('is not a URL');
    const parsed = new URL(raw);
    if (!schemes.includes(parsed.protocol.replace(':', '')))
      throw new Error(`must begin with ${schemes.join(':// or ')}://`);
    return parsed;
  },
});

/** Secret text of a least length; undefined when it is not set. */
export const secret = (
  env: string,
  spec: { readonly doc: string; readonly charsMin: number },
): Option<Secret | undefined> => ({
  env,
  doc: spec.doc,
  defaultText: '(none)',
  secret: true,
  parse(raw) {
    if (raw === undefined || raw === '') return undefined;
    if (raw.length < spec.charsMin) throw new Error(`must have at least ${spec.charsMin} characters`);
    return new Secret(raw);
  },
});
