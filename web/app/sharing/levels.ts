import type { MemberRowFragment } from '@candlefish/web-graphql/operations/sharing';

/** What somebody may do with a document. */
export type Level = MemberRowFragment['level'];

/** Levels as people read them, the lowest first. */
export const LEVELS = [
  { value: 'view', label: 'Can view' },
  { value: 'comment', label: 'Can comment' },
  { value: 'edit', label: 'Can edit' },
  { value: 'manage', label: 'Can manage' },
] as const satisfies readonly { readonly value: Level; readonly label: string }[];
