import { type ConfigOf, int, list, text, url } from '../config/index.ts';

/** Settings of the public listener. */
export const httpConfig = {
  host: text('HOST', { doc: 'Address the public listener binds to.', default: '127.0.0.1' }),
  port: int('PORT', { doc: 'Port of the public listener; 0 takes a free one.', default: 8_000, min: 0, max: 65_535 }),
  publicUrl: url('PUBLIC_URL', ['http', 'https'], { doc: 'Address under which clients reach the platform.' }),
  trustedProxies: list('TRUSTED_PROXIES', {
    doc: 'Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas.',
    default: [],
  }),
  corsOrigins: list('CORS_ORIGINS', { doc: 'Origins of other sites whose pages may call the API.', default: [] }),
  bodyBytesMax: int('BODY_BYTES_MAX', {
    doc: 'Largest request body in bytes, where an operation names no other.',
    default: 1_048_576,
    min: 1_024,
    max: 67_108_864,
  }),
  deadlineMs: int('REQUEST_DEADLINE_MS', {
    doc: 'Longest time a request may take, ms.',
    default: 10_000,
    min: 100,
    max: 300_000,
  }),
  arrivalMs: int('REQUEST_ARRIVAL_MS', {
    doc: 'Longest time a request may take to arrive whole, ms; slower ones are attacks or dead clients.',
    default: 30_000,
    min: 100,
    max: 300_000,
  }),
  noticeMs: int('DRAIN_NOTICE_MS', {
    doc: 'Time before the drain in which /ready says no and everything is still served, ms: what a gateway needs to see it. 0 where nothing watches /ready.',
    default: 0,
    min: 0,
    max: 120_000,
  }),
  drainMs: int('DRAIN_MS', {
    doc: 'Longest wait for requests at work when the process stops, ms.',
    default: 10_000,
    min: 0,
    max: 300_000,
  }),
  userPerMinute: int('RATE_USER_PER_MINUTE', {
    doc: 'Requests of one user in a minute.',
    default: 1_200,
    min: 1,
    max: 1_000_000,
  }),
  keyPerHour: int('RATE_KEY_PER_HOUR', {
    doc: 'Requests of an API key in an hour, where it names no other.',
    default: 1_000,
    min: 1,
    max: 100_000_000,
  }),
  tenantPerMinute: int('RATE_TENANT_PER_MINUTE', {
    doc: 'Requests of all callers of a tenant in a minute.',
    default: 12_000,
    min: 1,
    max: 10_000_000,
  }),
  addressPerMinute: int('RATE_ADDRESS_PER_MINUTE', {
    doc: 'Requests without a valid credential from one address in a minute.',
    default: 300,
    min: 1,
    max: 1_000_000,
  }),
} as const;

export type HttpConfig = ConfigOf<typeof httpConfig>;
