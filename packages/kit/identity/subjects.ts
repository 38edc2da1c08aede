import type { Actor } from '../context/index.ts';

/** The words by which credentials are revoked. */
export const subjects = {
  session: (sessionId: string): string => `session:${sessionId}`,
  user: (userId: string): string => `user:${userId}`,
  key: (keyId: string): string => `key:${keyId}`,
  tenant: (tenantId: string): string => `tenant:${tenantId}`,
  /** One person in one tenant: a changed role, a disabled or removed member. */
  membership: (userId: string, tenantId: string): string => `membership:${userId}:${tenantId}`,
} as const;

/** Everything whose revocation ends this actor's credential. Open sockets listen for these. */
export function revocationSubjects(actor: Actor): readonly string[] {
  const { kind, id, sessionId, tenantId, userId } = actor;
  return [
    ...(kind === 'api_key' ? [subjects.key(id)] : []),
    ...(sessionId === null ? [] : [subjects.session(sessionId)]),
    ...(userId === null ? [] : [subjects.user(userId)]),
    ...(tenantId === null ? [] : [subjects.tenant(tenantId)]),
    ...(userId === null || tenantId === null ? [] : [subjects.membership(userId, tenantId)]),
  ];
}
