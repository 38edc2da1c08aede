import { defineCall } from '@candlefish/kit/calls';
import { Type } from 'typebox';
import { ACCESS_LEVELS, VISIBILITIES } from '../domain/access.ts';
import { Id, oneOf, strict } from './schemas.ts';

/** What somebody may do with a document. */
export const AccessLevelSchema = oneOf(ACCESS_LEVELS, 'What the caller may do: each level includes those before it.');

/** Whom a document shows itself to. */
export const VisibilitySchema = oneOf(
  VISIBILITIES,
  'tenant: everybody of the tenant by role; private: its creator, its members, and owners and admins of the tenant.',
);

/** Documents of one call of `visibleDocuments`. */
export const CHECKED_DOCUMENTS_MAX = 1_000;

/** Those of some documents that the caller may know of. For whoever passes on events that name documents. */
export const visibleDocuments = defineCall({
  name: 'document.visibleDocuments',
  input: strict({ documentIds: Type.Array(Id, { maxItems: CHECKED_DOCUMENTS_MAX }) }),
  output: strict({ documentIds: Type.Array(Id) }),
});
