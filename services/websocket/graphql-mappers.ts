import type { OnlineMember } from './operations/presence.ts';

/** What resolvers hold for `OnlineMember`. */
export type OnlineMemberMapper = OnlineMember;
