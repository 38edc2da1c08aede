import { checkConfig } from '../check-config.ts';
import { type Platform, startPlatform } from '../platform.ts';
import { services, servicesOf } from '../registry.ts';
import { type Command, EXIT, type Invocation, type Terminal } from './command.ts';
import { explain } from './explain.ts';

const listening = {
  port: { type: 'string', value: 'PORT', help: 'public port; 0 takes a free one', env: 'PORT' },
  host: { type: 'string', value: 'HOST', help: 'public address', env: 'HOST' },
  'admin-port': {
    type: 'string',
    value: 'PORT',
    help: 'port of /health, /ready, /metrics, /services',
    env: 'ADMIN_PORT',
  },
  data: { type: 'string', value: 'FOLDER', help: 'data folder of the embedded database', env: 'CANDLEFISH_DATA' },
} as const;

/** `candlefish up` */
export const up: Command = {
  name: 'up',
  summary: 'Start the whole platform in this process (what npm start does).',
  help: `
Starts the embedded database unless DATABASE_URL names one, migrates, makes the demo tenant, serves everything and prints
the addresses. Ctrl-C stops in order: no new requests, those in flight finish, then services, then the database. A second
Ctrl-C ends at once; nothing that was acknowledged is lost either way.`,
  options: {
    ...listening,
    'no-demo': { type: 'boolean', help: 'do not make the demo tenant' },
  },
  run: (invocation) => run(invocation, { target: 'all', migrate: true, demo: invocation.values['no-demo'] !== true }),
};

/** `candlefish serve` */
export const serve: Command = {
  name: 'serve',
  summary: 'Start some services in this process, the others elsewhere.',
  help: `
For a cluster, or to try one locally: every process has the same DATABASE_URL and CANDLEFISH_SECRET, and SERVICE_URLS says
where the services it calls are. Migrate once before (candlefish migrate), or give --migrate.

  candlefish serve --target auth --port 8101
  SERVICE_URLS=auth=http://127.0.0.1:8101 candlefish serve --target nanda --port 8102`,
  options: {
    ...listening,
    target: { type: 'string', value: 'NAMES', help: 'services separated by commas, or all (default)' },
    migrate: { type: 'boolean', help: 'migrate before the start' },
    check: { type: 'boolean', help: 'only check the settings of these services' },
  },
  async run(invocation) {
    const { values, environment, terminal } = invocation;
    const target = String(values['target'] ?? 'all');
    if (values['check'] === true) {
      checkConfig(environment, servicesOf(target));
      terminal.out('All settings can be used.');
      return EXIT.ok;
    }
    return run(invocation, { target, migrate: values['migrate'] === true, demo: false });
  },
};

/** `candlefish targets` */
export const targetsList: Command = {
  name: 'targets',
  summary: 'List the services and what each needs.',
  help: 'A target is a service name, several separated by commas, or all. Services start after those whose calls they make.',
  options: {},
  async run({ values, terminal }) {
    const rows = services.map(({ name, summary, needs, calls, paths }) => ({
      name,
      summary,
      needs,
      calls: calls.map((call) => call.name),
      paths,
    }));
    if (values['json'] === true) terminal.out(JSON.stringify({ targets: rows }, null, 2));
    else {
      for (const row of rows) {
        terminal.out(`${row.name.padEnd(10)} ${row.summary}`);
        if (row.calls.length > 0) terminal.out(`${''.padEnd(10)} calls ${row.calls.join(', ')}`);
      }
    }
    return EXIT.ok;
  },
};

async function run(invocation: Invocation, how: { target: string; migrate: boolean; demo: boolean }): Promise<number> {
  const { environment, terminal, values } = invocation;
  const startedAt = performance.now();
  const stop = stopSignal(terminal);
  const platform = await startPlatform({
    ...how,
    environment,
    listen: true,
    signal: stop.signal,
    onProgress: (step) => terminal.err(`  ${step}`),
  }).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    terminal.err(explain(error).message);
    return null;
  });
  // Whoever asked for the stop got it, as after a start.
  if (platform === null) return EXIT.ok;
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  if (values['json'] === true) terminal.out(JSON.stringify(addressesOf(platform)));
  else terminal.out(welcome(platform, seconds));
  const failure = await Promise.race([stop.asked, platform.failed]);
  terminal.err(failure === null ? 'stopping …' : `candlefish: ${failure.message}; stopping`);
  await platform.stop();
  terminal.err('stopped');
  return failure === null ? EXIT.ok : EXIT.failed;
}

/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
function stopSignal(terminal: Terminal): { readonly signal: AbortSignal; readonly asked: Promise<null> } {
  const controller = new AbortController();
  const asked = new Promise<null>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) {
          terminal.err('ending at once');
          process.exit(EXIT.failed);
        }
        controller.abort(new Error(`stopped by ${name}`));
        resolve(null);
      });
    }
  });
  return { signal: controller.signal, asked };
}

const addressesOf = (platform: Platform) => ({
  url: platform.url,
  adminUrl: platform.adminUrl,
  services: platform.services,
  demo: platform.demo,
});

function welcome(platform: Platform, seconds: string): string {
  const { url, adminUrl, demo } = platform;
  const lines = [
    '',
    `Candlefish is ready after ${seconds} s (${platform.services.join(', ')})`,
    '',
    `  Console         ${url}/`,
    `  API reference   ${url}/api`,
    `  REST            ${url}/api/v1`,
    `  GraphQL         ${url}/graphql   (open it in a browser to try queries)`,
    `  Operations      ${adminUrl}/ready · /metrics · /services`,
  ];
  if (demo !== null) lines.push('', `  Demo sign-in    ${demo.email} / ${demo.password}   (invented data)`);
  lines.push('', 'Ctrl-C stops.', '');
  return lines.join('\n');
}
