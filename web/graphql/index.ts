/** The console's way to the platform: session, client, errors. Operations are in `operations/`. */
export { ApiError, type FieldProblem, hasCode } from './api-error.ts';
export { type Client, createClient } from './client.ts';
export type { Operation } from './operation.ts';
export { type Credentials, type NewAccount, Session, type SessionState, type SignedIn } from './session.ts';
