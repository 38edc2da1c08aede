import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const PAGE = fileURLToPath(new URL('./page.ts', import.meta.url));
const HTML =
  '<!doctype html><meta charset="utf-8"><title>A test page</title><script type="module" src="/page.js"></script>';

/** A site with the test page. */
export interface Site extends AsyncDisposable {
  readonly url: string;
}

/** Bundles the library with the test page as a browser gets it, and serves it. */
export async function serveSite(): Promise<Site> {
  const bundle = await rolldown({ input: PAGE, platform: 'browser' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const script = output[0].code;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(isScript ? script : HTML);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
