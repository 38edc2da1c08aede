import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerConfig } from './config.ts';

/** Bytes of a made secret; 256 bits. */
const SECRET_BYTES = 32;

/** The platform's secret of a data folder, made on first use; readable by the owner of the process alone. */
export async function localSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret');
  const found = await readSecret(path);
  if (found !== null) return found;
  await mkdir(dataDir, { recursive: true });
  const draft = join(dataDir, `secret.${process.pid}`);
  await writeFile(draft, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link either makes the whole file appear or fails: two first starts agree on one secret.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  const made = await readSecret(path);
  if (made === null) throw new Error(`${path} is empty`);
  return made;
}

async function readSecret(path: string): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? null : text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A password derived from the platform's secret: every process computes the same, none is stored. */
export const derivedPassword = (secret: string, purpose: string): string =>
  Buffer.from(hkdfSync('sha256', secret, 'candlefish', `password of ${purpose}`, 24)).toString('base64url');

/** A key of 32 bytes for one purpose. */
export const derivedKey = (secret: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, 'candlefish', `key of ${purpose}`, 32));

/** The platform's secret: the configured one, else the one of the data folder. */
export const secretOf = async (config: Pick<ServerConfig, 'secret' | 'dataDir'>): Promise<string> =>
  config.secret?.reveal() ?? localSecret(config.dataDir);
