import { environmentConfig } from './environment.ts';
import type { ConfigOf, ConfigSpec } from './spec.ts';

/** Configuration that cannot be used, with every problem in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** The variables of this process. The only place that reads them. */
export const processEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;

/**
 * The values of a spec.
 * @throws ConfigError that lists every bad or missing variable, not only the first.
 */
export function readConfig<S extends ConfigSpec>(
  spec: S,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigOf<S> {
  const problems: string[] = [];
  const isProduction = environment[environmentConfig.environment.env] === 'production';
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec)) {
    try {
      values[name] = option.parse(environment[option.env], isProduction);
    } catch (error) {
      problems.push(`${option.env} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values as ConfigOf<S>;
}
