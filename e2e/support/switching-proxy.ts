import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A process behind the proxy. */
export interface ProxyTarget {
  /** Address for traffic. */
  readonly url: string;
  /** Address of `/ready`. */
  readonly adminUrl: string;
}

/**
 * A gateway in small: sends requests and upgrades in turn to those of its targets whose `/ready` says yes, over
 * connections that it keeps. It never tries a request twice.
 */
export interface SwitchingProxy extends AsyncDisposable {
  /** Address of the proxy, without a slash at the end. */
  readonly url: string;
  /** What clients were refused or saw broken off because of a target, in words. */
  readonly failures: readonly string[];
  /** Sends what comes from now on to other targets. Resolves when each of them is known to be ready. */
  switchTo(targets: readonly ProxyTarget[]): Promise<void>;
}

/** How often each target is asked: several times within the notice that a process gives of its end. */
const LOOK_MS = 100;
/** A target that does not answer by then has not said yes. */
const LOOK_MAX_MS = 1_000;
/** Looks in a row without a yes after which a target gets nothing, as probes of Kubernetes count by default. */
const MISSES_MAX = 3;
const READY_WITHIN_MS = 10_000;
/** Longer than any client keeps a connection here. */
const KEEP_ALIVE_MS = 120_000;
/** Headers that belong to one connection. */
const OF_ONE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];
const SWITCHING_PROTOCOLS = 'HTTP/1.1 101 ';

/** Starts a proxy before targets that are ready. */
export async function switchingProxy(targets: readonly ProxyTarget[]): Promise<SwitchingProxy> {
  const pool = new Pool();
  const failures: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) =>
    relay(pool.next(), incoming, response, failures),
  );
  server.on('upgrade', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    relayUpgrade(pool.next(), incoming, client, head, failures);
  });
  await pool.switchTo(targets);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failures,
    switchTo: (next) => pool.switchTo(next),
    async [Symbol.asyncDispose]() {
      pool.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Member {
  readonly url: URL;
  readonly adminUrl: string;
  readonly agent: Agent;
  /** Looks without a yes since the last one. */
  misses: number;
  /** What it said last. */
  word: string;
}

const isReady = ({ misses }: Member): boolean => misses < MISSES_MAX;

/** The targets of the moment, each with what it last said. */
class Pool {
  #members: readonly Member[] = [];
  #turn = 0;
  readonly #timer = setInterval(() => void this.#look(), LOOK_MS);

  /** The next one that is ready; what all of them say when none is. */
  next(): Member | string {
    const ready = this.#members.filter(isReady);
    this.#turn += 1;
    return ready[this.#turn % ready.length] ?? this.#members.map(({ word }) => word).join(' | ');
  }

  async switchTo(targets: readonly ProxyTarget[]): Promise<void> {
    const members = targets.map(({ url, adminUrl }) => ({
      url: new URL(url),
      adminUrl,
      agent: new Agent({ keepAlive: true }),
      misses: MISSES_MAX,
      word: '',
    }));
    const endAt = performance.now() + READY_WITHIN_MS;
    do await Promise.all(members.map(ask));
    while (!members.every(isReady) && performance.now() < endAt);
    if (!members.every(isReady)) throw new Error('a target of the proxy is not ready');
    // Connections of the old ones that are at work end by themselves.
    this.#members = members;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { agent } of this.#members) agent.destroy();
    this.#members = [];
  }

  async #look(): Promise<void> {
    await Promise.all(this.#members.map(ask));
  }
}

async function ask(member: Member): Promise<void> {
  try {
    const answer = await fetch(`${member.adminUrl}/ready`, { signal: AbortSignal.timeout(LOOK_MAX_MS) });
    member.word = await answer.text();
    member.misses = answer.ok ? 0 : member.misses + 1;
  } catch (error) {
    // Gone, or too busy to answer: either way it should get nothing if that goes on.
    member.word = String(error);
    member.misses += 1;
  }
}

function relay(member: Member | string, incoming: IncomingMessage, response: ServerResponse, failures: string[]): void {
  const what = `${incoming.method} ${incoming.url}`;
  const fail = (why: string): void => {
    // A client that has left is not kept waiting.
    if (response.destroyed) return;
    failures.push(`${what}: ${why}`);
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  };
  if (typeof member === 'string') {
    fail(`no target was ready: ${member}`);
    return;
  }
  const { hostname, port } = member.url;
  const { method, url: path, headers } = incoming;
  const upstream = request({ agent: member.agent, hostname, port, method, path, headers: { ...headers } });
  upstream.once('response', (answer) => {
    for (const name of OF_ONE_CONNECTION) delete answer.headers[name];
    response.writeHead(answer.statusCode ?? 0, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.once('error', (error) => fail(error.message));
  });
  upstream.on('error', (error) => fail(error.message));
  response.once('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

function relayUpgrade(
  member: Member | string,
  incoming: IncomingMessage,
  client: Duplex,
  head: Buffer,
  failures: string[],
): void {
  const what = `upgrade ${incoming.url}`;
  client.on('error', () => client.destroy());
  if (typeof member === 'string') {
    failures.push(`${what}: no target was ready: ${member}`);
    client.destroy();
    return;
  }
  const upstream: Socket = connect(Number(member.url.port), member.url.hostname);
  upstream.setNoDelay(true);
  let isAnswered = false;
  upstream.on('error', (error) => {
    // Later the client sees how the connection ends, and comes back if it must.
    if (!isAnswered) failures.push(`${what}: ${error.message}`);
  });
  upstream.once('data', (first: Buffer) => {
    isAnswered = true;
    const line = first.subarray(0, first.indexOf('\r')).toString('latin1');
    if (!line.startsWith(SWITCHING_PROTOCOLS)) failures.push(`${what}: ${line}`);
  });
  const { method, url, httpVersion, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  upstream.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  upstream.write(head);
  upstream.pipe(client);
  client.pipe(upstream);
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
}
