import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { withInstallLock } from './install-lock.js';
import { inRoot, Refusal } from './layout.js';
import { runPinned } from './pinned.js';
import { showProgress } from './progress.js';

/** What the console is made of. */
const SOURCES = [
  ['web', 'app'],
  ['web', 'graphql'],
  ['web', 'ui'],
  ['packages', 'base'],
  ['packages', 'client-realtime'],
  ['services', 'document', 'domain'],
  ['bin', 'lib', 'site.js'],
  ['package-lock.json'],
];
const FOREIGN = new Set(['dist', 'node_modules', 'test']);
const DIST = inRoot('web', 'app', 'dist');
const SITE = path.join(DIST, 'site');
const STAMP = path.join(DIST, 'stamp');
/** What gains by compression. */
const TEXT_TYPES = new Set(['.css', '.html', '.js', '.svg']);
/** Smaller files gain nothing. */
const COMPRESSED_BYTES_MIN = 1_024;

/** The word alone may stand there: whoever recognises addresses in texts knows it. */
const LOCAL_ADDRESS = /\/\/localhost|\blocalhost:\d|\b127\.0\.0\.1\b/;

const zip = promisify(gzip);
const brotli = promisify(brotliCompress);

/**
 * Builds the console unless what is there was made from these very sources. A running platform keeps the files it has
 * begun to serve.
 */
export async function ensureSite() {
  if ((await readText(STAMP)) === (await wantedStamp())) return;
  await withInstallLock(
    async () => {
      // Another process may have done it while this one waited.
      const wanted = await wantedStamp();
      if ((await readText(STAMP)) !== wanted) await buildSite(wanted);
    },
    (pid) => process.stderr.write(`waiting for process ${pid}, which is building the console\n`),
  );
}

async function buildSite(stamp) {
  const endProgress = showProgress('building the console (once, some seconds)');
  const fresh = path.join(DIST, 'fresh');
  try {
    await rm(STAMP, { force: true });
    await rm(fresh, { recursive: true, force: true });
    const args = ['build', inRoot('web', 'app'), '--outDir', fresh, '--logLevel', 'warn'];
    const code = await runPinned(inRoot('node_modules', 'vite', 'bin', 'vite.js'), args, {
      env: { NODE_ENV: 'production' },
    });
    if (code !== 0) throw new Refusal(`The console cannot be built (exit code ${code}); the reason stands above.`);
    const files = await filesBelow(fresh);
    await refuseLocalAddresses(files);
    await Promise.all(files.map(compress));
    await rm(SITE, { recursive: true, force: true });
    await rename(fresh, SITE);
    await writeFile(STAMP, stamp);
  } finally {
    endProgress();
  }
}

/** Addresses come from where a page was loaded; one of the machine it was built on would work nowhere else. */
async function refuseLocalAddresses(files) {
  for (const file of files) {
    if (!TEXT_TYPES.has(path.extname(file))) continue;
    if (LOCAL_ADDRESS.test(await readFile(file, 'utf8'))) {
      throw new Refusal(`${path.relative(DIST, file)} of the built console names an address of this machine.`);
    }
  }
}

async function compress(file) {
  const content = await readFile(file);
  if (!TEXT_TYPES.has(path.extname(file)) || content.length < COMPRESSED_BYTES_MIN) return;
  await writeFile(`${file}.gz`, await zip(content, { level: 9 }));
  await writeFile(`${file}.br`, await brotli(content));
}

async function wantedStamp() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesBelow(inRoot(...source))) {
      hash
        .update(`${path.relative(inRoot(), file)}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  return `${hash.digest('hex')}\n`;
}

/** Files of a folder in a fixed order; a file gives itself, what is absent nothing. */
async function filesBelow(place) {
  let entries;
  try {
    entries = await readdir(place, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return [place];
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  const names = entries.filter((entry) => !FOREIGN.has(entry.name)).map((entry) => entry.name);
  const nested = await Promise.all(names.sort().map((name) => filesBelow(path.join(place, name))));
  return nested.flat();
}

async function readText(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
