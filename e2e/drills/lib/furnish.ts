import type { ApiAnswer } from '@candlefish/testkit/api-client';
import type { SignedUp } from '@candlefish/testkit/network';

/** Stands in everything that a furnished tenant names unless it is given another, so that a leak shows. */
export const MARK = 'mark-7f3a';

/** A tenant that has one of everything, and the path values that reach each. */
export interface Furnished {
  readonly owner: SignedUp;
  /** Ids by the last word of the path before them: `agents`, `documents`, `api-keys` … */
  readonly ids: ReadonlyMap<string, string>;
  /** An API key with every scope. */
  readonly key: string;
}

/** A small valid A2A card. */
export const cardOf = (mark: string) => ({
  name: `${mark} agent`,
  description: `${mark} counts.`,
  version: '1.0.0',
  supportedInterfaces: [{ url: 'https://agent.example.com/a2a', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [{ id: 'count', name: 'Count', description: 'Counts things.', tags: ['numbers'] }],
});

/** Version of the furnished agent. */
const AGENT_VERSION = '1.0.0';

/** Makes one of everything the API can make, as the tenant's owner. */
export async function furnish(owner: SignedUp, mark = MARK): Promise<Furnished> {
  const { api } = owner;
  const made = (answer: ApiAnswer): Record<string, unknown> => {
    if (answer.status !== 201)
      throw new Error(`making a thing answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    return answer.body as Record<string, unknown>;
  };
  const agent = made(
    await api.post('/api/v1/agents', { name: `${mark} agent`, version: AGENT_VERSION, spec: cardOf(mark) }),
  );
  const document = made(await api.post('/api/v1/documents', { title: `${mark} document` }));
  const role = made(
    await api.post('/api/v1/roles', { name: mark, description: `${mark} role`, permissions: ['user:read'] }),
  );
  const key = made(await api.post('/api/v1/api-keys', { name: `${mark} key`, scopes: ['*'], rateLimit: 1_000_000 }));
  const member = made(
    await api.post('/api/v1/users', {
      email: `member.${owner.tenantId}@${mark}.example`,
      role: 'staff',
      password: 'violet tractor sonnet',
    }),
  );
  const path = `/api/v1/documents/${String(document['id'])}`;
  await api.put(`${path}/members/${String(member['id'])}`, { level: 'comment' });
  const link = made(await api.post(`${path}/share-links`, { level: 'view' }));
  const thread = made(await api.post(`${path}/comments`, { body: `${mark} thread` }));
  const reply = made(await api.post(`${path}/comments/${String(thread['id'])}/replies`, { body: `${mark} reply` }));
  const version = made(await api.post(`${path}/versions`, { name: `${mark} version` }));
  const sessions = (await api.get('/api/v1/sessions')).body as { data: { id: string }[] };
  const entries = await firstEntry(owner);
  const ids = new Map(
    Object.entries({
      agents: agent['id'],
      documents: document['id'],
      roles: role['id'],
      'api-keys': key['id'],
      users: member['id'],
      members: member['id'],
      'share-links': link['id'],
      comments: thread['id'],
      replies: reply['id'],
      versions: version['id'],
      sessions: sessions.data[0]?.id,
      entries,
    }).map(([word, id]) => [word, String(id)]),
  );
  return { owner, ids, key: String(key['key']) };
}

const AUDIT_WAIT_MS = 5_000;

/** The audit log follows the event log; its first entry is there in a moment. */
async function firstEntry(owner: SignedUp): Promise<string> {
  const deadline = Date.now() + AUDIT_WAIT_MS;
  while (Date.now() < deadline) {
    const page = (await owner.api.get('/api/v1/audit/entries')).body as { data?: { id: string }[] };
    const id = page.data?.[0]?.id;
    if (id !== undefined) return id;
  }
  throw new Error('the audit log shows nothing');
}

/**
 * Values for the parameters in a path. An id is that of the word before it.
 * @throws Error when the furnished tenant has no such thing: a new noun needs a line in `furnish`.
 */
export function pathValues(path: string, ids: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const words = path.split('/');
  for (const [index, word] of words.entries()) {
    const name = /^\{(.+)\}$/.exec(word)?.[1];
    if (name === undefined) continue;
    if (name === 'version') values[name] = AGENT_VERSION;
    else {
      const id = ids.get(words[index - 1] ?? '');
      if (id === undefined) throw new Error(`nothing was made for ${path}`);
      values[name] = id;
    }
  }
  return values;
}
