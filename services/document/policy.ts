import { definePolicy } from '@candlefish/kit/context';

/** Who may do what with documents. */
export const policy = definePolicy({
  'document:read': ['owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer'],
  'document:create': ['owner', 'admin', 'manager', 'staff', 'field', 'finance'],
  'document:update': ['owner', 'admin', 'manager', 'staff', 'field', 'finance'],
  'document:delete': ['owner', 'admin', 'manager'],
});
