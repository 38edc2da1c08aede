import { definePolicy } from '@candlefish/kit/context';

const EVERYBODY = ['owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer'] as const;

/** Who may do what over sockets. What may be done in a document is the document's to say. */
export const policy = definePolicy({
  'socket:open': EVERYBODY,
  'presence:read': EVERYBODY,
  'event:read': ['owner', 'admin'],
  // Only the platform takes a ticket in.
  'socket:redeem': [],
});
