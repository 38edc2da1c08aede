import { definePolicy, ROLES } from '@candlefish/kit/context';

/**
 * Who may do what with documents. On a document of visibility `tenant` a role has the highest level whose actions it holds,
 * with those of the levels before it: `document:read` view, `document:comment` comment, `document:update` edit, and
 * `document:delete` manage. Inside of a document the level decides, which its members may have by name (domain/access.ts).
 */
export const policy = definePolicy({
  'document:read': ROLES,
  'document:create': ['owner', 'admin', 'manager', 'staff', 'field', 'finance'],
  'document:comment': ['owner', 'admin', 'manager', 'staff', 'field', 'finance'],
  'document:update': ['owner', 'admin', 'manager', 'staff', 'field', 'finance'],
  'document:delete': ['owner', 'admin', 'manager'],
  /** A scope of its own for keys and agents that erase histories; of people the level alone is asked. */
  'document:erase': ['owner', 'admin', 'manager'],
  /** Every document of the tenant, private ones of others included. */
  'document:administer': ['owner', 'admin'],
  /** Whoever has the secret of a link; what it opens is up to the link. */
  'document:use-share-link': ['anonymous'],
  /** What sockets write, after they have seen that each writer may. */
  'document:append': [],
  /** The timers that keep and thin out versions. */
  'document:keep-versions': [],
});
