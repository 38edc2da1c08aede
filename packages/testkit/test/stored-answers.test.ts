import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SignedUp, type TestNetwork, testNetwork } from '../network.ts';

let network: TestNetwork;
let owner: SignedUp;

beforeAll(async () => {
  network = await testNetwork();
  owner = await network.signUp();
});

afterAll(async () => {
  await network?.close();
});

/** More than one batch of the sweep holds. */
const EXPIRED = 2_500;

const store = (prefix: string, count: number, expiresAt: string) =>
  network.database.run(
    `insert into platform.idempotency_keys
       (tenant_id, actor_id, key, request_hash, status, response_status, response_headers, response_body, expires_at)
     select $1, 'user:sweep', $2 || n, sha256(''), 'done', 200, '{}', '\\x00', ${expiresAt}
     from generate_series(1, $3::int) n`,
    [owner.tenantId, prefix, count],
  );

test('the platform sweeps stored answers past their time by its own timer, all of them, and keeps the others', async () => {
  await store('old', EXPIRED, "now() - interval '1 second'");
  await store('new', 3, "now() + interval '1 hour'");
  const timers = await network.database.run('select identifier from graphile_worker._private_known_crontabs');
  expect(timers).toContainEqual({ identifier: 'platform.sweepStoredAnswers' });
  await network.database.run(`select graphile_worker.add_job('platform.sweepStoredAnswers')`);
  await network.settle();
  const kept = () => network.database.run('select key from platform.idempotency_keys order by key');
  await expect.poll(kept, { timeout: 10_000 }).toEqual(['new1', 'new2', 'new3'].map((key) => ({ key })));
});
