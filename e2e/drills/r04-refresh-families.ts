import type { ApiClient } from '@candlefish/testkit/api-client';
import pg from 'pg';
import type { Drill } from './drill.ts';
import { Tally } from './lib/tally.ts';
import { untilTrue } from './lib/wait.ts';

const TABS = 12;
/** Beyond the 10 s within which a token that was just exchanged gives its successor again. */
const PAST_GRACE_S = 11;
const REVOKED_WITHIN_MS = 1_000;

interface Tokens {
  readonly token: string;
  readonly refreshToken: string;
}

/** R4: refresh tokens rotate in families. */
export const r04: Drill = {
  id: 'R4',
  what: `${TABS} tabs that refresh at once stay signed in together; a token used again later ends the whole family`,
  async run({ network, defer }) {
    const { api, signUp, database } = await network();
    const owner = await signUp();
    const tally = new Tally();
    const superuser = new pg.Client({ connectionString: database.superuserUrl });
    await superuser.connect();
    defer(() => superuser.end());
    const live = async (): Promise<number> => {
      const text = 'select count(*)::int as count from auth.sessions where tenant_id = $1 and revoked_at is null';
      return Number((await superuser.query<{ count: number }>(text, [owner.tenantId])).rows[0]?.count);
    };

    const tabs = await Promise.all(Array.from({ length: TABS }, () => refresh(api, owner.refreshToken)));
    tally.check(
      tabs.every((tab) => tab !== null),
      `${tabs.filter((tab) => tab === null).length} of ${TABS} tabs were signed out`,
    );
    const successors = new Set(tabs.map((tab) => tab?.refreshToken));
    tally.check(successors.size === 1, `${TABS} tabs got ${successors.size} different successors`);
    tally.check((await live()) === 1, `${await live()} live rows instead of one`);

    const second = tabs[0];
    if (second === null || second === undefined) return tally.verdict('');
    const third = await refresh(api, second.refreshToken);
    tally.check(third !== null, 'the successor could not be exchanged');
    // The database's clock decides: the last rotation is moved into the past in place of waiting.
    await superuser.query('update auth.sessions set rotated_at = rotated_at - make_interval(secs => $1)', [
      PAST_GRACE_S,
    ]);
    tally.check((await refresh(api, second.refreshToken)) === null, 'a token used again after the window was accepted');
    tally.check((await live()) === 0, 'the family outlived the reuse');
    tally.check((await refresh(api, third?.refreshToken ?? '')) === null, 'the newest token outlived its family');
    const endedAfter = await untilTrue(
      async () => (await api.as(third?.token ?? '').get('/api/v1/auth/me')).status === 401,
      REVOKED_WITHIN_MS,
    );
    tally.check(endedAfter !== null, `the access token of a dead family worked for more than ${REVOKED_WITHIN_MS} ms`);

    const { email, password } = owner;
    const again = await api.post('/api/v1/auth/login', { email, password });
    tally.check(again.status === 200, `signing in again answered ${again.status}`);
    tally.check((await live()) === 1, 'a ghost session lives beside the new one');
    return tally.verdict(
      `${TABS} tabs, one successor, one live row; reuse ended the family in ${endedAfter?.toFixed(0)} ms`,
    );
  },
};

async function refresh(api: ApiClient, refreshToken: string): Promise<Tokens | null> {
  const answer = await api.post('/api/v1/auth/refresh', { refreshToken });
  return answer.status === 200 ? (answer.body as Tokens) : null;
}
