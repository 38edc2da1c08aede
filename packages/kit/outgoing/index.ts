/** Calls to addresses that people gave: agents, webhooks, pictures. Nothing of our own network can be reached through it. */
export { type AddressPolicy, mayReach } from './address.ts';
export {
  createOutgoingClient,
  type OutgoingAnswer,
  type OutgoingClient,
  type OutgoingOptions,
  type OutgoingRequest,
} from './client.ts';
export type { Resolve, ResolvedAddress } from './connect.ts';
export { OutgoingError, type OutgoingFailure } from './errors.ts';
