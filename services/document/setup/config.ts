import { int, type Option } from '@candlefish/kit/config';
import { type Quotas, readQuotas } from '../domain/quota.ts';

/** More documents than a company of a hundred people writes in years, and 20 GiB, which a small database server keeps. */
const QUOTAS_DEFAULT = '*:100000:20480';

const quotas: Option<Quotas> = {
  env: 'DOCUMENT_QUOTAS',
  doc: 'Documents and MiB of them that a tenant may keep, by plan, as `plan:documents:MiB` with commas between; `*` is for all other plans.',
  defaultText: JSON.stringify(QUOTAS_DEFAULT),
  secret: false,
  parse: (text) => readQuotas(text === undefined || text === '' ? QUOTAS_DEFAULT : text),
};

/** Settings of documents. */
export const config = {
  quotas,
  copiesMb: int('DOCUMENT_COPIES_MB', {
    default: 64,
    min: 1,
    max: 65_536,
    doc: 'Memory for documents that are being edited over sockets, in MiB; those that were edited longest ago leave it first.',
  }),
};
