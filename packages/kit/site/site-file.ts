import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noneMatchNames } from '../http/index.ts';

/** A file of a site as it is sent. */
export interface SiteFile {
  readonly type: string;
  readonly etag: string;
  readonly plain: Buffer;
  readonly zipped: Buffer | null;
  readonly brotli: Buffer | null;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** Types whose files are packed already. */
const PACKED: ReadonlySet<string> = new Set(['.woff2']);
/** Smaller files gain nothing. */
const GZIP_BYTES_MIN = 1_024;
const NOT_MODIFIED = 304;

/** Headers of every page and file. */
export const FILE_HEADERS = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

const compress = promisify(gzip);

/** Reads a file, with `file.gz` and `file.br` where a build has left them beside it; else it is zipped here. */
export async function readSiteFile(file: URL): Promise<SiteFile> {
  const [plain, zipped, brotli] = await Promise.all([
    readFile(file),
    readWhereThere(new URL(`${file.href}.gz`)),
    readWhereThere(new URL(`${file.href}.br`)),
  ]);
  const extension = extname(file.pathname);
  const isWorthIt = plain.length >= GZIP_BYTES_MIN && !PACKED.has(extension);
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url')}"`,
    plain,
    zipped: zipped ?? (isWorthIt ? await compress(plain) : null),
    brotli,
  };
}

async function readWhereThere(file: URL): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Sends a file in the smallest form the client takes, or 304. @param cacheControl how long it may be kept. */
export function sendSiteFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SiteFile,
  cacheControl: string,
): FastifyReply {
  reply.headers({ ...FILE_HEADERS, 'cache-control': cacheControl, etag: file.etag, vary: 'Accept-Encoding' });
  if (noneMatchNames(request.headers['if-none-match'], file.etag)) return reply.code(NOT_MODIFIED).send();
  reply.type(file.type);
  const accepted = request.headers['accept-encoding'] ?? '';
  if (file.brotli !== null && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(file.brotli);
  if (file.zipped === null || !/\bgzip\b/.test(accepted)) return reply.send(file.plain);
  return reply.header('content-encoding', 'gzip').send(file.zipped);
}
