import { importPeer } from '../lib/peers.ts';
import { announce } from './graph.ts';

// Hocuspocus as it comes: no database, so what it calls synced is in memory.

interface HocuspocusServer {
  listen(): Promise<unknown>;
  readonly httpServer: { address(): unknown };
}
interface Package {
  readonly Server: new (options: object) => HocuspocusServer;
}

const { Server } = await importPeer<Package>('@hocuspocus/server');
const server = new Server({ port: 0, address: '127.0.0.1', quiet: true, stopOnSignals: false });
await server.listen();
const { port } = server.httpServer.address() as { readonly port: number };
announce(`http://127.0.0.1:${port}`);
