import { definePolicy } from '@candlefish/kit/context';

/** Who may do what with agents. */
export const policy = definePolicy({
  'agent:read': ['owner', 'admin', 'manager', 'staff', 'field', 'finance', 'viewer'],
  'agent:create': ['owner', 'admin', 'manager'],
  'agent:update': ['owner', 'admin', 'manager'],
  'agent:delete': ['owner', 'admin'],
  'agent:check': ['owner', 'admin', 'manager', 'staff'],
});
