import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { FILE_HEADERS, readSiteFile, type SiteFile, sendSiteFile } from './site-file.ts';

/** A page and the files it loads, all from this process. */
export interface Site {
  /** Address of the page: `/api`. */
  readonly path: string;
  /** HTML file; every `{{nonce}}` in it becomes the nonce that the page's styles need. */
  readonly page: URL;
  /** Files by their address below `path`: `main.js` → where it lies. */
  readonly files: Readonly<Record<string, URL>>;
}

/** A site that a bundler wrote: `index.html` answers for every page, other files lie where their address says. */
export interface BuiltSite {
  /** Absolute path. */
  readonly folder: string;
  /** Addresses that its own router knows: `/documents/:id`. */
  readonly pages: readonly string[];
  /** Names of the policies by which its scripts may turn text into HTML; no other script may. */
  readonly trustedTypes: readonly string[];
}

/** Sends the page of a built site for an address that is none of its pages. */
export type SendPage = (reply: FastifyReply, status: number) => Promise<FastifyReply>;

const NONCE_BYTES = 16;
/** Files here carry a hash of their content in their name. */
const HASHED = 'assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';
const OK = 200;

/** Scripts and styles from here only, nothing inline without the nonce, nothing from anywhere else, no framing. */
const policy = (nonce: string, trustedTypes: readonly string[] | undefined): string =>
  [
    ...(trustedTypes === undefined
      ? []
      : ["require-trusted-types-for 'script'", `trusted-types ${trustedTypes.join(' ')}`]),
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

/** Reads each file at its first request and keeps it: they are few and do not change while a process lives. */
function fileCache(): (file: URL) => Promise<SiteFile> {
  const loaded = new Map<string, Promise<SiteFile>>();
  return (file) => {
    const known = loaded.get(file.href) ?? readSiteFile(file);
    loaded.set(file.href, known);
    return known;
  };
}

function sendPage(reply: FastifyReply, page: SiteFile, trustedTypes?: readonly string[]): FastifyReply {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  reply.headers({
    ...FILE_HEADERS,
    'cache-control': ASK_AGAIN,
    'content-security-policy': policy(nonce, trustedTypes),
  });
  return reply.type(page.type).send(page.plain.toString('utf8').replaceAll('{{nonce}}', nonce));
}

const config = { kind: 'page' as const };

/** Serves a page and its files. */
export function addSite(app: FastifyInstance, site: Site): void {
  const load = fileCache();
  app.get(site.path, { config }, async (_request, reply) => sendPage(reply, await load(site.page)));
  for (const [name, file] of Object.entries(site.files)) {
    app.get(`${site.path}/${name}`, { config }, async (request, reply) =>
      sendSiteFile(request, reply, await load(file), ASK_AGAIN),
    );
  }
}

/**
 * Serves a built site at the root. Files with a hash in their name are kept by browsers for ever.
 * @returns how its page answers other addresses; null when the folder holds no site, and nothing is served then.
 */
export function addBuiltSite(app: FastifyInstance, { folder, pages, trustedTypes }: BuiltSite): SendPage | null {
  const root = `${pathToFileURL(folder).href}/`;
  const names = filesIn(folder);
  if (!names.includes('index.html')) return null;
  const load = fileCache();
  const send: SendPage = async (reply, status) =>
    sendPage(reply.code(status), await load(new URL('index.html', root)), trustedTypes);
  for (const page of pages) app.get(page, { config }, (_request, reply) => send(reply, OK));
  for (const name of names) {
    if (name === 'index.html' || /\.(br|gz)$/.test(name)) continue;
    const cacheControl = name.startsWith(HASHED) ? FOR_EVER : ASK_AGAIN;
    app.get(`/${name}`, { config }, async (request, reply) =>
      sendSiteFile(request, reply, await load(new URL(name, root)), cacheControl),
    );
  }
  return send;
}

function filesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return entries.map(({ parentPath, name }) =>
      `${parentPath}/${name}`.slice(folder.length + 1).replaceAll('\\', '/'),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
