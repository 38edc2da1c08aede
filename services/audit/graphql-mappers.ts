import type { Entry } from './operations/entries.ts';

/** What resolvers hold for an `AuditEntry`. */
export type AuditEntryMapper = Entry;
