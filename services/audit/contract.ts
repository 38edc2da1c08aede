import { defineErrors } from '@candlefish/kit/errors';

/** The audit log calls nobody and is called by nobody: it reads the event log. */
export const errors = defineErrors({
  auditEntryNotFound: { code: 'AUDIT_ENTRY_NOT_FOUND', status: 404, title: 'There is no such entry in the audit log.' },
});
