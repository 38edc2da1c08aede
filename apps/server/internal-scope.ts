import { isIP } from 'node:net';
import type { ServiceIdentity } from '@candlefish/kit/calls';
import { type Clock, type RequestScope, systemActor } from '@candlefish/kit/context';
import { platformErrors } from '@candlefish/kit/errors';
import type { Authenticator } from '@candlefish/kit/identity';
import type { FastifyRequest } from 'fastify';

/** Verifies requests that come from other processes of the platform. */
export type InternalScopes = (request: FastifyRequest) => Promise<RequestScope>;

/**
 * The scope of a request from another process: the service token says which service calls, the credential beside it for
 * whom; both are verified here, whatever the sender has verified.
 */
export function internalScopes(identity: ServiceIdentity, authenticator: Authenticator, clock: Clock): InternalScopes {
  return async (request) => {
    const { headers, scope } = request;
    const serviceToken = headers['x-service-token'];
    if (typeof serviceToken !== 'string')
      throw platformErrors.unauthenticated({ detail: 'A service token is needed.' });
    const token = await identity.verify(serviceToken, clock.now());
    const address = headers['x-client-address'];
    const common = { ...scope, clientAddress: typeof address === 'string' && isIP(address) !== 0 ? address : null };
    if (token.acting === 'system') {
      return { ...common, actor: systemActor(token.service, token.tenantId, clock.now()), credential: null };
    }
    const presented = { authorization: headers.authorization, apiKey: headers['x-api-key'] as string | undefined };
    const { actor, credential } = await authenticator.authenticate(presented);
    return { ...common, actor, credential };
  };
}
