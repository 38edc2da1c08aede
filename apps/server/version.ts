import { readFileSync } from 'node:fs';

/** Release of this server: the version of the repository. */
export const VERSION: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
