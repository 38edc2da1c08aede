import { bool, type ConfigOf, int, list, oneOf, secret, text, url } from '@candlefish/kit/config';

/** Settings of a process. Services add their own in their declarations. */
export const serverConfig = {
  environment: oneOf('CANDLEFISH_ENV', ['development', 'production', 'test'], {
    default: 'development',
    doc: 'What the process is for. `production` closes introspection, asks for CANDLEFISH_SECRET and sets Secure cookies.',
  }),
  secret: secret('CANDLEFISH_SECRET', {
    charsMin: 32,
    doc: 'Root of the derived keys (signing keys at rest, tokens between processes). Made on first start when embedded; the same in every process of one platform.',
  }),
  host: text('HOST', { default: '127.0.0.1', doc: 'Address of the public listener; 0.0.0.0 in a container.' }),
  port: int('PORT', { default: 8000, min: 0, max: 65_535, doc: 'Port of the public listener; 0 takes a free one.' }),
  adminHost: text('ADMIN_HOST', { default: '127.0.0.1', doc: 'Address of the admin listener (/health, /ready, /metrics, /services).' }),
  adminPort: int('ADMIN_PORT', { default: 8001, min: 0, max: 65_535, doc: 'Port of the admin listener; 0 takes a free one.' }),
  publicUrl: url('PUBLIC_URL', ['http', 'https'], { doc: 'Address by which clients reach the platform; default http://localhost:PORT.' }),
  corsOrigins: list('CORS_ORIGINS', { default: [], doc: 'Origins (scheme://host[:port]) of browsers that may call the API, separated by commas.' }),
  trustedProxies: list('TRUSTED_PROXIES', { default: [], doc: 'Addresses or CIDR ranges whose X-Forwarded-For is believed.' }),
  dataDir: text('CANDLEFISH_DATA', { default: '.candlefish', doc: 'Folder of the embedded database and of made secrets; --data sets it too.' }),
  databaseUrl: url('DATABASE_URL', ['postgres', 'postgresql'], { doc: 'PostgreSQL 15 or later in place of the embedded one. The role that owns the database, or the application role when DATABASE_OWNER_URL is set.' }),
  databaseOwnerUrl: url('DATABASE_OWNER_URL', ['postgres', 'postgresql'], { doc: 'Role for migrations, when DATABASE_URL is the application role (then possibly through PgBouncer).' }),
  databaseDirectUrl: url('DATABASE_DIRECT_URL', ['postgres', 'postgresql'], { doc: 'Connection without a pooler between, for LISTEN and jobs; default: the owner connection.' }),
  databaseConnections: int('DATABASE_CONNECTIONS', { default: 16, min: 2, max: 500, doc: 'Connections of this process at the most.' }),
  databasePrepared: bool('DATABASE_PREPARED', { default: false, doc: 'Named statements on DATABASE_URL; leave off behind PgBouncer before 1.21. The embedded database always uses them.' }),
  redisUrl: text('REDIS_URL', { default: '', doc: 'Redis 7 or Valkey 8: redis://host:port, or redis+cluster://host:port,host:port. Empty: in-process.' }),
  serviceUrls: list('SERVICE_URLS', { default: [], doc: 'Where services outside this process are: auth=http://host:port,nanda=http://host:port.' }),
  logLevel: oneOf('LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], { default: 'info', doc: 'Least level of a log line.' }),
  otlpEndpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https'], { doc: 'Where traces go (OTLP over HTTP). Empty: no tracing code is loaded.' }),
  traceSamplePercent: int('TRACE_SAMPLE_PERCENT', { default: 10, min: 0, max: 100, doc: 'Share of requests traced when the caller did not decide, in percent.' }),
  requestTimeoutMs: int('REQUEST_TIMEOUT_MS', { default: 15_000, min: 100, max: 120_000, doc: 'Deadline of one request, in ms.' }),
  drainTimeoutMs: int('DRAIN_TIMEOUT_MS', { default: 10_000, min: 100, max: 300_000, doc: 'Longest wait for requests in flight at a stop, in ms.' }),
  rateTenantPerMinute: int('RATE_TENANT_PER_MINUTE', { default: 6_000, min: 1, max: 10_000_000, doc: 'Requests of one tenant per minute.' }),
  rateUserPerMinute: int('RATE_USER_PER_MINUTE', { default: 1_200, min: 1, max: 10_000_000, doc: 'Requests of one user per minute.' }),
  rateAddressPerMinute: int('RATE_ADDRESS_PER_MINUTE', { default: 300, min: 1, max: 10_000_000, doc: 'Requests without credentials of one address per minute.' }),
} as const;

export type ServerConfig = ConfigOf<typeof serverConfig>;
