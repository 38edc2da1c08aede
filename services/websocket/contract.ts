import { defineErrors } from '@candlefish/kit/errors';

/** Refusals of this service. */
export const websocketErrors = defineErrors({
  ticketNeedsCredential: {
    code: 'TICKET_NEEDS_CREDENTIAL',
    status: 403,
    title: 'A ticket stands for the credential of the request, and this one came without.',
  },
});
