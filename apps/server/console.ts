import { fileURLToPath } from 'node:url';
import type { HttpServer } from '@candlefish/kit/http';
import { addBuiltSite } from '@candlefish/kit/site';

/** What the build of `web/app` leaves. */
const FOLDER = fileURLToPath(new URL('../../web/app/dist/site', import.meta.url));

/** Addresses of the console; its own router knows the same ones. */
const PAGES: readonly string[] = ['/', '/sign-in', '/sign-up', '/documents', '/documents/:id', '/shared', '/settings'];

/** ProseMirror reads pasted HTML into a document of its own, which runs nothing. */
const TRUSTED_TYPES: readonly string[] = ['ProseMirrorClipboard'];

const NOT_FOUND = 404;

const NOT_BUILT = `<!doctype html>
<html lang="en">
<title>Candlefish</title>
<h1>The console is not built</h1>
<p>Run <code>npm run build</code>, or <code>npm start</code>, which does it by itself, and start the platform again.</p>
<p>The API works without it: see <a href="/api">the API reference</a>.</p>
`;

const NOT_BUILT_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** The console at `/`; a page that says how to build it where that has not happened. */
export function addConsole(server: HttpServer): void {
  const send = addBuiltSite(server.fastify, { folder: FOLDER, pages: PAGES, trustedTypes: TRUSTED_TYPES });
  if (send !== null) {
    server.showUnknown((reply) => send(reply, NOT_FOUND));
    return;
  }
  server.fastify.get('/', { config: { kind: 'page' } }, (_request, reply) =>
    reply.headers(NOT_BUILT_HEADERS).type('text/html; charset=utf-8').send(NOT_BUILT),
  );
}
