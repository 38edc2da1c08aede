import { definePolicy, ROLES } from '@candlefish/kit/context';

/** Who may do what. */
export const policy = definePolicy({
  'health:read': [...ROLES, 'anonymous'],
});
