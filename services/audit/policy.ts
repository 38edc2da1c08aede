import { definePolicy } from '@candlefish/kit/context';

/** Who may do what with the audit log. */
export const policy = definePolicy({
  'audit:read': ['owner', 'admin'],
  // Nobody writes it: entries come from the event log alone.
  'audit:record': [],
});
