import { defineErrors } from '@candlefish/kit/errors';

/** Refusals of this service. */
export const documentErrors = defineErrors({
  invalidOperation: {
    code: 'INVALID_OPERATION',
    status: 422,
    title: 'An operation cannot be done to this document; none of the call was done.',
  },
  missingDependencies: {
    code: 'MISSING_DEPENDENCIES',
    status: 409,
    title: 'An update builds on others that this document has not seen; send the difference to its state vector.',
  },
  documentTooLarge: {
    code: 'DOCUMENT_TOO_LARGE',
    status: 413,
    title: 'The document would become larger than a document may be.',
  },
  quotaExceeded: {
    code: 'QUOTA_EXCEEDED',
    status: 403,
    title: 'The tenant keeps as many documents, or bytes of them, as its plan allows; delete some first.',
  },
  contentTooComplex: {
    code: 'CONTENT_TOO_COMPLEX',
    status: 422,
    title: 'The content takes too long to convert; convert parts of it, or another form.',
  },
  tooManyMembers: {
    code: 'TOO_MANY_DOCUMENT_MEMBERS',
    status: 409,
    title: 'The document has as many members as it may; give a role to more people, or remove some.',
  },
});
