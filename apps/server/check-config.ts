import { ConfigError, type ConfigSpec, type Option, readConfig } from '@candlefish/kit/config';
import type { ServiceDeclaration } from '@candlefish/kit/service';
import { type ServerConfig, serverConfig } from './config.ts';

/** One setting as the configuration table shows it. */
export interface Setting {
  readonly env: string;
  /** `platform`, or the service that reads it. */
  readonly owner: string;
  readonly doc: string;
  readonly defaultText: string | undefined;
  readonly secret: boolean;
}

/** Every setting there is, the platform's first. */
export function settingsOf(services: readonly ServiceDeclaration[]): readonly Setting[] {
  const rows = (owner: string, spec: ConfigSpec): Setting[] =>
    Object.values(spec).map(({ env, doc, defaultText, secret }: Option<unknown>) => ({
      env,
      owner,
      doc,
      defaultText,
      secret,
    }));
  const all = [...rows('platform', serverConfig), ...services.flatMap((service) => rows(service.name, service.config))];
  // A variable that several read is shown once, with its first reader.
  return all.filter((setting, index) => all.findIndex((other) => other.env === setting.env) === index);
}

/**
 * The platform's settings, after those of every hosted service were read too.
 * @throws ConfigError with the problems of them all.
 */
export function checkConfig(
  environment: Readonly<Record<string, string | undefined>>,
  services: readonly ServiceDeclaration[],
): ServerConfig {
  const problems: string[] = [];
  const attempt = <S extends ConfigSpec>(spec: S) => {
    try {
      return readConfig(spec, environment);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems);
      return null;
    }
  };
  const config = attempt(serverConfig);
  for (const service of services) attempt(service.config);
  // Each for itself, so that one that cannot be used does not hide how the others fit together.
  const usable = Object.entries(serverConfig).map(([name, option]) => attempt({ [name]: option }) ?? {});
  problems.push(...misfits(Object.assign({}, ...usable)));
  // Two services may read one variable.
  if (config === null || problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return config;
}

/** Settings that are well formed each but do not fit together. */
function misfits(usable: Partial<ServerConfig>): readonly string[] {
  const problems: string[] = [];
  if (usable.environment === 'production' && 'secret' in usable && usable.secret === undefined) {
    problems.push('CANDLEFISH_SECRET must be set in production');
  }
  if (usable.databaseOwnerUrl !== undefined && 'databaseUrl' in usable && usable.databaseUrl === undefined) {
    problems.push('DATABASE_OWNER_URL needs DATABASE_URL beside it');
  }
  for (const entry of usable.serviceUrls ?? []) {
    const [name, address] = splitOnce(entry, '=');
    if (name === '' || !URL.canParse(address))
      problems.push(`SERVICE_URLS has "${entry}", which is not name=http://host:port`);
  }
  return problems;
}

/** The addresses of services in other processes. Call after `checkConfig`. */
export const serviceAddresses = (config: ServerConfig): ReadonlyMap<string, URL> =>
  new Map(
    config.serviceUrls.map((entry) => {
      const [name, address] = splitOnce(entry, '=');
      return [name, new URL(address)] as const;
    }),
  );

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
