import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { platformErrors } from '@candlefish/kit/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Whether a browser opens the endpoint as a page. */
export const wantsPage = (accept: string | undefined, query: URLSearchParams): boolean =>
  !query.has('query') && !query.has('documentId') && !query.has('extensions') && (accept ?? '').includes('text/html');

const NONCE_BYTES = 16;
const NOT_MODIFIED = 304;

/**
 * Scripts, workers and styles from here only. The editor sets styles in attributes of the lines it draws, so those are
 * allowed; style elements need the nonce.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const COMMON_HEADERS = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

/** The page of GraphiQL; everything it loads is served below `path`. */
export function sendGraphiql(path: string, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return reply
    .headers({ ...COMMON_HEADERS, 'cache-control': 'no-store', 'content-security-policy': policy(nonce) })
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="style-nonce" content="${nonce}">
    <title>GraphiQL</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/graphiql/main.css">
  </head>
  <body class="no-focus-outline">
    <noscript>This page explores the API and needs JavaScript.</noscript>
    <div id="root"></div>
    <script src="${path}/graphiql/begin.js"></script>
    <script src="${path}/graphiql/main.js"></script>
    <script src="${path}/graphiql/start.js"></script>
  </body>
</html>
`);
}

/** Runs before the editor: gives its style elements the nonce and says where its workers are. */
const beginScript = (path: string): string => `'use strict';
(() => {
  const nonce = document.querySelector('meta[name=style-nonce]').content;
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = create(name, options);
    if (String(name).toLowerCase() === 'style') element.nonce = nonce;
    return element;
  };
  self.MonacoEnvironment = {
    globalAPI: false,
    getWorkerUrl: (_module, label) => '${path}/graphiql/' + (label === 'json' || label === 'graphql' ? label : 'editor') + '.worker.js',
  };
})();
`;

const startScript = (path: string): string => `'use strict';
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'GraphiQL',
  endpoint: '${path}',
  subscriptionsProtocol: 'WS',
  defaultQuery: '# Headers: {"authorization": "Bearer …"}\\n{\\n  health {\\n    status\\n    services {\\n      name\\n      status\\n    }\\n  }\\n}\\n',
});
`;

interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly zipped: Buffer;
}

const compress = promisify(gzip);

/** Serves the files of the page. They are loaded when the first is asked for, and kept compressed. */
export function addGraphiqlFiles(app: FastifyInstance, path: string): void {
  let loading: Promise<ReadonlyMap<string, Asset>> | undefined;
  app.get<{ Params: { file: string } }>(
    `${path}/graphiql/:file`,
    { config: { kind: 'page', service: 'graphql' } },
    async (request, reply) => {
      loading ??= loadAssets(path);
      return sendAsset(request, reply, (await loading).get(request.params.file));
    },
  );
}

async function loadAssets(path: string): Promise<ReadonlyMap<string, Asset>> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const script = 'text/javascript; charset=utf-8';
  const files: readonly (readonly [string, string, string])[] = [
    ['main.css', 'text/css; charset=utf-8', parts.css],
    ['main.js', script, parts.js],
    ['begin.js', script, beginScript(path)],
    ['start.js', script, startScript(path)],
    ['editor.worker.js', script, parts.editorWorkerService],
    ['json.worker.js', script, parts.jsonWorker],
    ['graphql.worker.js', script, parts.graphqlWorker],
  ];
  return new Map(
    await Promise.all(
      files.map(async ([name, type, text]): Promise<[string, Asset]> => {
        const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
        return [name, { type, etag, zipped: await compress(text) }];
      }),
    ),
  );
}

function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset | undefined): FastifyReply {
  if (asset === undefined) throw platformErrors.notFound();
  reply.headers({ ...COMMON_HEADERS, 'cache-control': 'no-cache', etag: asset.etag });
  if (request.headers['if-none-match'] === asset.etag) return reply.code(NOT_MODIFIED).send();
  // Every browser that can run the page takes gzip.
  return reply.type(asset.type).header('content-encoding', 'gzip').send(asset.zipped);
}
