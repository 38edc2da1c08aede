/** Who is behind a connection, as others see them. */
export interface Person {
  /** Id of the user, key or agent; the connection's own for a guest. */
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/** Somebody who is online in a tenant. */
export interface OnlineMember {
  readonly user: Person;
  /** Since when the oldest open connection is there. */
  readonly since: Date;
  readonly connections: number;
}

/** One open connection of somebody. */
export interface Presence {
  readonly user: Person;
  /** ISO 8601. */
  readonly since: string;
}

/** The people behind connections, each once, the longest present first. */
export function onlineMembers(presences: Iterable<Presence>): readonly OnlineMember[] {
  const members = new Map<string, { user: Person; since: Date; connections: number }>();
  for (const { user, since } of presences) {
    const key = `${user.kind} ${user.id}`;
    const at = new Date(since);
    const known = members.get(key);
    if (known === undefined) members.set(key, { user, since: at, connections: 1 });
    else {
      known.connections += 1;
      if (at < known.since) known.since = at;
    }
  }
  return [...members.values()].sort((a, b) => a.since.getTime() - b.since.getTime() || compare(a.user.id, b.user.id));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
