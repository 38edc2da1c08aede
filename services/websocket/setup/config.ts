import { type ConfigOf, int } from '@candlefish/kit/config';

/** Settings of sockets. */
export const config = {
  socketsMax: int('SOCKETS_MAX', {
    default: 20_000,
    min: 1,
    max: 200_000,
    doc: 'Open sockets of one process, documents and channels together.',
  }),
  waitingMax: int('SOCKETS_WAITING_MAX', {
    default: 2_000,
    min: 1,
    max: 200_000,
    doc: 'Open sockets of one process whose credential is not known yet.',
  }),
  perTenantMax: int('SOCKETS_PER_TENANT_MAX', {
    default: 5_000,
    min: 1,
    max: 200_000,
    doc: 'Open sockets of one tenant in one process.',
  }),
  perUserMax: int('SOCKETS_PER_USER_MAX', {
    default: 200,
    min: 1,
    max: 200_000,
    doc: 'Open sockets of one user, key or agent in one process.',
  }),
  perAddressMax: int('SOCKETS_PER_ADDRESS_MAX', {
    default: 1_000,
    min: 1,
    max: 200_000,
    doc: 'Open sockets of one client address in one process.',
  }),
  refusalsPerMinute: int('SOCKETS_REFUSALS_PER_MINUTE', {
    default: 30,
    min: 1,
    max: 1_000_000,
    doc: 'Credentials of one address that may fail on sockets in a minute.',
  }),
  editsPerSecond: int('SOCKET_EDITS_PER_SECOND', {
    default: 100,
    min: 1,
    max: 100_000,
    doc: 'Messages of one socket in a second, on average; ten times as many at once. What is more waits.',
  }),
  bytesPerSecond: int('SOCKET_BYTES_PER_SECOND', {
    default: 1_048_576,
    min: 1_024,
    max: 1_073_741_824,
    doc: 'Bytes of edits of one socket in a second, on average; eight times as many at once. What is more waits.',
  }),
  tenantEditsPerSecond: int('SOCKETS_TENANT_EDITS_PER_SECOND', {
    default: 20_000,
    min: 1,
    max: 10_000_000,
    doc: 'Edits of all sockets of a tenant in one process in a second, on average; twice as many at once. What is more waits.',
  }),
} as const;

/** Values of the settings. */
export type WebsocketConfig = ConfigOf<typeof config>;
