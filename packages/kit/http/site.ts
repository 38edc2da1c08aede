import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { noneMatchNames } from './headers.ts';

/** A page and the files it loads, all from this process. */
export interface Site {
  /** Address of the page: `/api`. */
  readonly path: string;
  /** HTML file; every `{{nonce}}` in it becomes the nonce that the page's styles need. */
  readonly page: URL;
  /** Files by their address below `path`: `main.js` → where it lies. */
  readonly files: Readonly<Record<string, URL>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const NONCE_BYTES = 16;
/** Smaller files gain nothing. */
const GZIP_BYTES_MIN = 1_024;
const NOT_MODIFIED = 304;

/** Scripts and styles from here only, nothing inline without the nonce, nothing from anywhere else, no framing. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const COMMON_HEADERS = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

interface LoadedFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly zipped: Buffer | null;
}

const compress = promisify(gzip);

/** Serves a site. Files are read at their first request and kept: they are few and do not change while a process lives. */
export function addSite(app: FastifyInstance, site: Site): void {
  const loaded = new Map<string, Promise<LoadedFile>>();
  const load = (file: URL): Promise<LoadedFile> => {
    const known = loaded.get(file.href) ?? loadFile(file);
    loaded.set(file.href, known);
    return known;
  };
  const config = { kind: 'page' as const };
  app.get(site.path, { config }, async (_request, reply) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const page = await load(site.page);
    reply.headers({ ...COMMON_HEADERS, 'cache-control': 'no-cache', 'content-security-policy': policy(nonce) });
    return reply.type(page.type).send(page.plain.toString('utf8').replaceAll('{{nonce}}', nonce));
  });
  for (const [name, file] of Object.entries(site.files)) {
    app.get(`${site.path}/${name}`, { config }, async (request, reply) => sendFile(request, reply, await load(file)));
  }
}

async function loadFile(file: URL): Promise<LoadedFile> {
  const plain = await readFile(file);
  return {
    type: TYPES[extname(file.pathname)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
    plain,
    zipped: plain.length < GZIP_BYTES_MIN ? null : await compress(plain),
  };
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: LoadedFile): FastifyReply {
  reply.headers({ ...COMMON_HEADERS, 'cache-control': 'no-cache', etag: file.etag, vary: 'Accept-Encoding' });
  if (noneMatchNames(request.headers['if-none-match'], file.etag)) return reply.code(NOT_MODIFIED).send();
  reply.type(file.type);
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  if (file.zipped === null || !takesGzip) return reply.send(file.plain);
  return reply.header('content-encoding', 'gzip').send(file.zipped);
}
