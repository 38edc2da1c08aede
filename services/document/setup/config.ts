import { int } from '@candlefish/kit/config';

/** Settings of documents. */
export const config = {
  copiesMb: int('DOCUMENT_COPIES_MB', {
    default: 64,
    min: 1,
    max: 65_536,
    doc: 'Memory for documents that are being edited over sockets, in MiB; those that were edited longest ago leave it first.',
  }),
};
