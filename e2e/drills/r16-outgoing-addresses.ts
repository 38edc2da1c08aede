import { createServer } from 'node:http';
import { createOutgoingClient, OutgoingError, type Resolve } from '@candlefish/kit/outgoing';
import type { SignedUp } from '@candlefish/testkit/network';
import type { Drill, DrillContext } from './drill.ts';
import { cardOf } from './lib/furnish.ts';
import { Tally } from './lib/tally.ts';

const CALL_MAX_MS = 5_000;

/** This machine in every spelling a URL knows, and neighbours that nobody outside may reach. */
const HOSTS: readonly string[] = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '0x7f.1', '0x7f000001', '2130706433', '017700000001'],
  ...['0177.0.0.1', '0', '0.0.0.0', 'localhost', 'LOCALHOST', 'localhost.', '①②⑦.⓪.⓪.①', '127。0。0。1'],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
  ],
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.0.1',
    '100.64.0.1',
    '192.0.0.1',
    '198.18.0.1',
  ],
  ...[
    '169.254.169.254',
    '[fe80::1]',
    '[fd00::1]',
    '[fc00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '224.0.0.1',
    '255.255.255.255',
  ],
  ...['[2001:db8::1]', '[2002:7f00:1::]', '[2001::1]', '240.0.0.1'],
];

/** R16: addresses that people give, and that must not lead into our own network. */
export const r16: Drill = {
  id: 'R16',
  what: 'loopback in all spellings, private, link-local, redirects and rebinding are refused before connecting',
  async run(context) {
    const canary = await startCanary(context);
    const tally = new Tally();
    const refusals = async (resolve?: Resolve) => {
      const client = createOutgoingClient({
        allowLoopback: false,
        userAgent: 'drill',
        timeoutMs: CALL_MAX_MS,
        ...(resolve === undefined ? {} : { resolve }),
      });
      context.defer(() => client.close());
      return async (url: string, what: string): Promise<void> => {
        const outcome = await client.send({ method: 'GET', url, signal: context.signal }).then(
          ({ status }) => `answered ${status}`,
          (error: unknown) => (error instanceof OutgoingError ? null : String(error)),
        );
        tally.check(outcome === null, `${what}: ${outcome}`);
      };
    };
    const refused = await refusals();
    for (const host of HOSTS) await refused(`http://${host}:${canary.port}/`, host);
    for (const url of [
      `file:///etc/passwd`,
      `ftp://127.0.0.1:${canary.port}/`,
      `gopher://127.0.0.1:${canary.port}/`,
      `http://user:password@example.com/`,
    ]) {
      await refused(url, url);
    }
    await tryNames(refusals, canary.port);
    tally.check(canary.visits() === 0, `the canary was visited ${canary.visits()} times`);

    const { signUp, settle } = await context.network();
    const owner = await signUp();
    const hosts = HOSTS.slice(0, 20);
    const checked = await Promise.all(
      hosts.map((host) => checkAgent(owner, `http://${host}:${canary.port}/card.json`)),
    );
    await settle();
    for (const [index, id] of checked.entries()) {
      if (id === null) continue;
      const { lastCheck } = (await owner.api.get(`/api/v1/agents/${id}`)).body as {
        lastCheck: { outcome: string } | null;
      };
      tally.check(lastCheck?.outcome === 'unreachable', `an agent at ${hosts[index]}: ${JSON.stringify(lastCheck)}`);
    }
    tally.check(
      checked.some((id) => id !== null),
      'no agent could be registered to be checked',
    );
    tally.check(canary.visits() === 0, `the platform visited the canary ${canary.visits()} times`);
    return tally.verdict(`${tally.tries} tries, 0 connections to the canary`);
  },
};

/** Names that resolve to this machine: alone, among good addresses, and only the second time. */
async function tryNames(
  refusals: (resolve: Resolve) => Promise<(url: string, what: string) => Promise<void>>,
  port: number,
): Promise<void> {
  const loopback = { address: '127.0.0.1', family: 4 };
  const good = { address: '203.0.114.1', family: 4 };
  const url = `http://agent.example.com:${port}/`;
  await (await refusals(async () => [loopback]))(url, 'a name of loopback');
  await (await refusals(async () => [good, loopback]))(url, 'a name of a good address and loopback');
  await (await refusals(async () => [{ address: '::ffff:127.0.0.1', family: 6 }]))(url, 'a name of mapped loopback');
  // The name is resolved once, by the one who connects: an answer that changes has nothing to slip between.
  let asked = 0;
  const rebinding: Resolve = async () => {
    asked += 1;
    return [asked === 1 ? { address: '192.0.2.1', family: 4 } : loopback];
  };
  const twice = await refusals(rebinding);
  await twice(url, 'a name that rebinds, first time');
  await twice(url, 'a name that rebinds, second time');
}

async function startCanary({ defer }: DrillContext): Promise<{ readonly port: number; visits(): number }> {
  let visits = 0;
  const server = createServer((_request, response) => response.end('{}'));
  server.on('connection', () => {
    visits += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  defer(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the canary has no port');
  return { port: address.port, visits: () => visits };
}

/** Registers an agent at the address and asks for its check; null when the registry refuses such an address outright. */
async function checkAgent({ api }: SignedUp, url: string): Promise<string | null> {
  const spec = {
    ...cardOf('drill'),
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  };
  const made = await api.post('/api/v1/agents', { name: 'drill', version: '1.0.0', spec });
  if (made.status === 422) return null;
  if (made.status !== 201)
    throw new Error(`registering an agent at ${url} answered ${made.status}: ${made.text.slice(0, 300)}`);
  const { id } = made.body as { id: string };
  const asked = await api.post(`/api/v1/agents/${id}/check`);
  if (asked.status !== 202) throw new Error(`asking for a check answered ${asked.status}`);
  return id;
}
