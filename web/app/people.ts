/** Whoever did something, as the API tells it. */
export interface ActorLike {
  readonly kind: string;
  readonly id: string;
  readonly user: { readonly id: string; readonly email: string } | null;
}

/** A person in short: what stands before the @ of their address. */
export const shortName = (email: string): string => email.split('@', 1)[0] ?? email;

/** Whoever did something, in words. Keys and agents are told from the person behind them. */
export function actorName({ kind, user }: ActorLike): string {
  if (kind === 'system') return 'the platform';
  if (kind === 'agent') return user === null ? 'an agent' : `an agent of ${user.email}`;
  if (kind === 'api_key') return user === null ? 'a program' : `a program of ${user.email}`;
  return user?.email ?? 'somebody who is gone';
}

/** What colours are chosen by: a key is not the person behind it. */
export const actorKey = ({ kind, id, user }: ActorLike): string => (kind === 'user' ? (user?.id ?? id) : id);
