import { text } from '../config/index.ts';

/** What tokens say about where they come from and whom they are for; the same in every process of a platform. */
export const identityConfig = {
  issuer: text('AUTH_ISSUER', {
    default: 'urn:candlefish',
    doc: 'Issuer (`iss`) of access tokens. Tokens of another issuer are refused.',
  }),
  audience: text('AUTH_AUDIENCE', {
    default: 'urn:candlefish:api',
    doc: 'Audience (`aud`) of access tokens. Tokens for another audience are refused.',
  }),
} as const;
