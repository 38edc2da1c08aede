import type { Ctx } from '@candlefish/kit/context';
import type { ApiAnswer, ApiClient } from '@candlefish/testkit/api-client';
import { type RunningNetwork, sharedNetwork, testNetwork } from '@candlefish/testkit/network';
import type { TestDatabase } from '@candlefish/testkit/test-databases';

/** A platform, with what tests of identity often do. */
export interface RunningAuthNetwork {
  readonly api: ApiClient;
  readonly database: TestDatabase;
  system(tenantId: string | null): Ctx;
  /** Signs up a new tenant with its owner. */
  signUp(tenantName?: string): Promise<Person>;
  /** Adds a member to a tenant and signs them in. */
  addMember(owner: Person, role: string): Promise<Person>;
  logIn(email: string, password?: string): Promise<Person>;
  /** Runs SQL as a superuser, to look or to turn time back. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A platform that ends with its test. */
export interface AuthNetwork extends RunningAuthNetwork {
  close(): Promise<void>;
}

/** Somebody signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly tenantId: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly api: ApiClient;
}

/** The password of everybody here. */
export const PASSWORD = 'violet tractor sonnet';

/** The code of a problem. */
export const codeOf = (answer: { readonly body: unknown }): unknown =>
  (answer.body as { readonly code?: unknown }).code;

/** Waits until something holds, at most `withinMs`; says how long it took. @throws Error when it never did. */
export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - startedAt;
}

let people = 0;

/** A made-up address nobody has used yet. */
export function newEmail(): string {
  people += 1;
  return `person${people}.${process.pid}.${Date.now()}@example.test`;
}

/** Starts a node; a second one on the same database shares nothing with it but the database. */
export async function authNetwork(
  options: { readonly environment?: Readonly<Record<string, string>>; readonly database?: TestDatabase } = {},
): Promise<AuthNetwork> {
  const network = await testNetwork(options);
  return { ...on(network), close: () => network.close() };
}

/** See `sharedNetwork`. */
export const sharedAuthNetwork = async (): Promise<RunningAuthNetwork> => on(await sharedNetwork());

function on({ api, database, platform }: RunningNetwork): RunningAuthNetwork {
  const personOf = (answer: ApiAnswer, status: number): Person => {
    const { token, refreshToken, user } = expectStatus(answer, status) as Person & { readonly user: Person };
    return { ...user, token, refreshToken, api: api.as(token) };
  };
  const logIn = async (email: string, password = PASSWORD): Promise<Person> =>
    personOf(await api.post('/api/v1/auth/login', { email, password }), 200);

  return {
    api,
    database,
    logIn,
    system: (tenantId) => platform.system('auth', tenantId),
    async signUp(tenantName = 'Example Tenant') {
      const body = { email: newEmail(), password: PASSWORD, tenantName };
      return personOf(await api.post('/api/v1/auth/signup', body), 201);
    },
    async addMember(owner, role) {
      const email = newEmail();
      expectStatus(await owner.api.post('/api/v1/users', { email, role, password: PASSWORD }), 201);
      return logIn(email);
    },
    sql: (text, values) => database.run(text, values),
  };
}

function expectStatus(answer: ApiAnswer, status: number): unknown {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer.body;
}
