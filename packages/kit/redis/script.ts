import { createHash } from 'node:crypto';

/** A Lua script and the SHA-1 by which a server that knows it is asked to run it. */
export interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

/** Names a Lua script by its SHA-1. Keys come as KEYS, everything else as ARGV, as a cluster demands. */
export function defineScript(source: string): RedisScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
