import { createServer, type RequestListener } from 'node:http';
import { importPeer } from '../lib/peers.ts';
import { announce, settingsOf } from './graph.ts';
import { supergraphOf } from './supergraph.ts';

// Hive gateway-runtime with its Rust planner, subgraphs over HTTP. Equal queries in flight are not joined into one, since
// the load repeats one query and would measure that.

interface HiveRuntime {
  createGatewayRuntime(options: object): RequestListener & { getSchema(): Promise<unknown> };
}

interface HiveRouter {
  readonly unifiedGraphHandler: object;
}

const { subgraphsUrl } = settingsOf<{ readonly subgraphsUrl: string }>();
const { createGatewayRuntime } = await importPeer<HiveRuntime>('@graphql-hive/gateway-runtime');
const { unifiedGraphHandler } = await importPeer<HiveRouter>('@graphql-hive/router-runtime');
const gateway = createGatewayRuntime({
  supergraph: supergraphOf((name) => `${subgraphsUrl}/${name}`),
  unifiedGraphHandler,
  transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
  logging: false,
  graphiql: false,
});
await gateway.getSchema();
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  announce(`http://127.0.0.1:${address.port}`);
});
