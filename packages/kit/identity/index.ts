/** Who a request comes from: access tokens and API keys, verified once at the edge of the process. */
export { ACCESS_TOKEN_TYPE, type AccessClaims, type SigningKey, signAccessToken } from './access-token.ts';
export {
  type Authenticated,
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type Presented,
  type VerifiedApiKey,
} from './authenticator.ts';
export { identityConfig } from './config.ts';
export { createKeySource, type KeySource, type KeySourceOptions, type PublicKeys } from './key-source.ts';
export { revocationSubjects, subjects } from './subjects.ts';
