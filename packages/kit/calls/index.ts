/** Calls between services, only through contracts. */
export { CallBytes } from './bytes.ts';
export { type CallDefinition, defineCall, type InputOf, type OutputOf } from './call.ts';
export { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatch.ts';
export { callsPlugin } from './receive.ts';
export { outgoingHeaders, type RemoteCaller, remoteCaller } from './remote.ts';
export { type ServiceIdentity, type ServiceToken, serviceIdentity } from './service-token.ts';
