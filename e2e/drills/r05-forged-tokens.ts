import type { Drill } from './drill.ts';
import { forgeriesOf } from './lib/forgeries.ts';
import { trySignedForgeries } from './lib/signed-forgeries.ts';
import { Tally } from './lib/tally.ts';

const WHOAMI = '{ me { id } }';

/** R5: tokens that nobody issued. */
export const r05: Drill = {
  id: 'R5',
  what: 'no forged access token is accepted: none, algorithm confusion, foreign keys, tampering, wrong claims',
  async run({ network }) {
    const { api, signUp } = await network();
    const owner = await signUp();
    const tally = new Tally();
    const { keys } = (await api.get('/.well-known/jwks.json')).body as { keys: object[] };
    tally.check(keys.length > 0, 'no key is published');
    tally.check(!JSON.stringify(keys).includes('"d"'), 'a private key is published');
    tally.check((await owner.api.get('/api/v1/auth/me')).status === 200, 'the genuine token is refused');

    // A token of another platform is genuine in everything but its key.
    const other = await (
      await network({ environment: { CANDLEFISH_SECRET: 'another secret of forty characters at least' } })
    ).signUp();
    const forgeries = [
      ...(await forgeriesOf(owner.token, keys)),
      { name: 'a token of another platform', token: other.token },
    ];
    // Side by side: a token with an unknown key waits until the keys have been asked for again.
    await Promise.all(
      forgeries.map(async ({ name, token }) => {
        // Of tokens with control characters in them fetch itself would make nothing; these have none.
        const by = api.as(token);
        const [rest, graph] = await Promise.all([by.get('/api/v1/auth/me'), by.graphql(WHOAMI)]);
        tally.check(rest.status === 401, `${name}: REST answered ${rest.status}`);
        tally.check(graph.data?.['me'] == null && graph.status === 401, `${name}: GraphQL answered ${graph.status}`);
      }),
    );

    const signed = await trySignedForgeries();
    tally.check(signed.isRightAccepted, 'the right token of the genuine key is refused');
    for (const { name, isRefused } of signed.forgeries) tally.check(isRefused, `${name}, signed by the genuine key`);
    return tally.verdict(`${forgeries.length + signed.forgeries.length} forgeries, 0 accepted`);
  },
};
