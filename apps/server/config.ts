import { type ConfigOf, environmentConfig, int, list, oneOf, secret, text, url } from '@candlefish/kit/config';
import { httpConfig } from '@candlefish/kit/http';
import { identityConfig } from '@candlefish/kit/identity';

/** Settings of a process. Services add their own in their declarations. */
export const serverConfig = {
  ...environmentConfig,
  secret: secret('CANDLEFISH_SECRET', {
    charsMin: 32,
    doc: 'Root of the derived keys (signing keys at rest, tokens between processes). Made on first start when embedded; the same in every process of one platform.',
  }),
  ...httpConfig,
  ...identityConfig,
  adminHost: text('ADMIN_HOST', {
    default: '127.0.0.1',
    doc: 'Address of the admin listener (/health, /ready, /metrics, /services).',
  }),
  adminPort: int('ADMIN_PORT', {
    default: 8001,
    min: 0,
    max: 65_535,
    doc: 'Port of the admin listener; 0 takes a free one.',
  }),
  dataDir: text('CANDLEFISH_DATA', {
    default: '.candlefish',
    doc: 'Folder of the embedded database and of made secrets; --data sets it too.',
  }),
  databaseUrl: url('DATABASE_URL', ['postgres', 'postgresql'], {
    doc: 'PostgreSQL 15 or later in place of the embedded one. The role that owns the database, or the application role when DATABASE_OWNER_URL is set.',
  }),
  databaseOwnerUrl: url('DATABASE_OWNER_URL', ['postgres', 'postgresql'], {
    doc: 'Role for migrations, when DATABASE_URL is the application role (then possibly through PgBouncer).',
  }),
  databaseDirectUrl: url('DATABASE_DIRECT_URL', ['postgres', 'postgresql'], {
    doc: 'Connection without a pooler between, for LISTEN and jobs; default: the owner connection.',
  }),
  databaseConnections: int('DATABASE_CONNECTIONS', {
    default: 16,
    min: 2,
    max: 500,
    doc: 'Connections of this process at the most, besides those of the job queue. A quarter, four at the most, is kept from transactions.',
  }),
  jobsConcurrency: int('JOBS_CONCURRENCY', {
    default: 4,
    min: 1,
    max: 100,
    doc: 'Jobs at work at once in this process. The queue takes up to two connections more than that.',
  }),
  databasePrepared: oneOf('DATABASE_PREPARED', ['auto', 'on', 'off'], {
    default: 'auto',
    doc: 'Statements kept by name on the server. `auto`: on, unless DATABASE_DIRECT_URL says that a pooler stands before DATABASE_URL; PgBouncer needs 1.21 for `on`.',
  }),
  redisUrl: text('REDIS_URL', {
    default: '',
    doc: 'Redis 7 or Valkey 8: redis://host:port, or redis+cluster://host:port,host:port. Empty: in-process.',
  }),
  serviceUrls: list('SERVICE_URLS', {
    default: [],
    doc: 'Where services outside this process are: auth=http://host:port,nanda=http://host:port.',
  }),
  logLevel: oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    doc: 'Least level of a log line.',
  }),
  otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https'], {
    doc: 'Where traces go (OTLP over HTTP). Empty: no tracing code is loaded.',
  }),
  traceSamplePercent: int('TRACE_SAMPLE_PERCENT', {
    default: 10,
    min: 0,
    max: 100,
    doc: 'Share of requests traced when the caller did not decide, in percent.',
  }),
} as const;

export type ServerConfig = ConfigOf<typeof serverConfig>;
