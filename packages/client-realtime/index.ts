export type { FeedEvent, Member } from './channel/channel-messages.ts';
export {
  type ChannelEvents,
  type ChannelState,
  type ChannelStatus,
  EventChannel,
  type EventChannelOptions,
} from './channel/event-channel.ts';
export type { Follow, FollowHandlers, FollowOptions } from './channel/follow.ts';
export { RequestError } from './channel/requests.ts';
export type { Room, RoomEvents, Said } from './channel/room.ts';
export { DocumentProvider, type DocumentProviderOptions } from './document/document-provider.ts';
export type {
  AccessLevel,
  DocumentEvents,
  DocumentState,
  DocumentStatus,
  LiveDocument,
  OfferedLoss,
  Problem,
  Refusal,
} from './document/document-state.ts';
export { NotSavedError } from './document/until-saved.ts';
export type { Credential, CredentialSource } from './link/credential.ts';
export type { Ending } from './link/link.ts';
export type { OpenSocket, Socket } from './link/socket.ts';
export type { Timing } from './link/timing.ts';
export type { ConnectedUser } from './messages.ts';
export {
  type DocumentStore,
  type DocumentStores,
  type LossReason,
  type LostChanges,
  StaleEpochError,
  type StoredCopy,
  type StoredLoss,
  type StoredUpdate,
  type StoreListener,
} from './stores/document-store.ts';
export { IndexedDbStores } from './stores/indexed-db-stores.ts';
export { MemoryStores } from './stores/memory-store.ts';
