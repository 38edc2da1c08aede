import type { Drill } from './drill.ts';
import { sendRaw, statusesOf } from './lib/raw-http.ts';
import { Tally } from './lib/tally.ts';

/** What must not be let through is answered with one of these, or with a cut connection. */
const REFUSALS: ReadonlySet<number> = new Set([400, 411, 413, 414, 421, 431, 501, 505]);

/** R15: requests that mean one thing to a proxy and another to the server, and headers that claim an identity. */
export const r15: Drill = {
  id: 'R15',
  what: 'smuggling, duplicated Host, 64 kB headers are refused; forged X-Forwarded-*, X-User-*, X-Tenant-* are ignored',
  async run({ network }) {
    const { api, url, signUp } = await network();
    const owner = await signUp();
    const victim = await signUp();
    const tally = new Tally();
    const { host } = new URL(url);
    const raw = Object.entries(smuggled(host, owner.token));
    // Side by side, each over a connection of its own: where the server says nothing, silence is waited for.
    const answers = await Promise.all(raw.map(async ([name, bytes]) => [name, await sendRaw(url, bytes)] as const));
    for (const [name, received] of answers) {
      const statuses = statusesOf(received);
      const isRefused = statuses.length === 0 || (statuses.length === 1 && REFUSALS.has(statuses[0] ?? 0));
      tally.check(isRefused, `${name}: ${statuses.join(' ')}`);
      tally.check(!received.includes(owner.email), `${name}: the hidden request was answered`);
    }
    const forged = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9;host=evil.example',
      'x-user-id': victim.userId,
      'x-tenant-id': victim.tenantId,
      'x-user-role': 'owner',
      'x-authenticated-user': victim.email,
      'x-original-url': '/api/v1/users',
      'x-http-method-override': 'DELETE',
    };
    const plain = (await owner.api.get('/api/v1/auth/me')).text;
    for (const [name, value] of Object.entries(forged)) {
      const me = await owner.api.get('/api/v1/auth/me', { [name]: value });
      tally.check(me.text === plain, `${name} changed who one is: ${me.text}`);
      const nobody = await api.get('/api/v1/auth/me', { [name]: value });
      tally.check(nobody.status === 401, `${name} made somebody of nobody: ${nobody.status}`);
    }
    const made = await owner.api.post('/api/v1/documents', { title: 'x' }, forged);
    tally.check(
      !made.text.includes('evil.example') && !made.text.includes(victim.tenantId),
      'a forged host or tenant was used',
    );
    tally.check(!(made.headers.get('location') ?? '').includes('evil.example'), 'Location names the forged host');
    return tally.verdict(`${tally.tries} tries, all refused or ignored`);
  },
};

/** Raw requests; each hides a second one, or is one that no two servers read alike. */
function smuggled(host: string, token: string): Readonly<Record<string, string>> {
  const hidden = `GET /api/v1/auth/me HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const post = (...headers: readonly string[]): string =>
    [`POST /api/v1/auth/login HTTP/1.1`, `Host: ${host}`, 'Content-Type: application/json', ...headers, '', ''].join(
      '\r\n',
    );
  const get = (...headers: readonly string[]): string => ['GET /health HTTP/1.1', ...headers, '', ''].join('\r\n');
  return {
    'Content-Length and Transfer-Encoding': `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
    'Transfer-Encoding and Content-Length': `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n${hidden}`,
    'two lengths': `${post('Content-Length: 0', 'Content-Length: 44')}${hidden}`,
    'two lengths in one header': `${post('Content-Length: 0, 44')}${hidden}`,
    'a negative length': `${post('Content-Length: -1')}${hidden}`,
    'a length with a sign': `${post('Content-Length: +0')}${hidden}`,
    'an unknown coding': `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`,
    'a coding with a tab': `${post('Transfer-Encoding:\tchunked, identity')}0\r\n\r\n${hidden}`,
    'a blank before the colon': `${post('Content-Length : 0')}${hidden}`,
    'a folded header': `${post('X-Fold: a\r\n b', 'Content-Length: 0')}${hidden}`,
    'a bare line feed': `POST /api/v1/auth/login HTTP/1.1\nHost: ${host}\nContent-Length: 0\n\n${hidden}`,
    'a chunk size that is none': `${post('Transfer-Encoding: chunked')}zz\r\n\r\n${hidden}`,
    'a huge chunk size': `${post('Transfer-Encoding: chunked')}fffffffffffffffff\r\n${hidden}`,
    'two hosts': get(`Host: ${host}`, 'Host: evil.example'),
    'no host': get('Accept: */*'),
    '64 kB of one header': get(`Host: ${host}`, `X-Long: ${'x'.repeat(65_536)}`),
    '64 kB of many headers': get(
      `Host: ${host}`,
      ...Array.from({ length: 1_000 }, (_, n) => `X-${n}: ${'x'.repeat(64)}`),
    ),
    'an address of 64 kB': `GET /${'x'.repeat(65_536)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    'a null byte in a header': get(`Host: ${host}`, 'X-Null: a\u0000b'),
    'a version that nobody speaks': `GET /health HTTP/7.3\r\nHost: ${host}\r\n\r\n`,
    'no HTTP at all': 'EHLO evil.example\r\n\r\n',
  };
}
