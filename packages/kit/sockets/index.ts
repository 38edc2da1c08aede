/** Sockets of services: upgrades, credentials, limits, heartbeats, frames, closing. */
export { CLOSE, type CloseCode } from './close-codes.ts';
export { binaryFrame, prefixedFrame, textFrame } from './frame.ts';
export { SocketServer, type SocketServerOptions } from './server.ts';
export {
  type Connection,
  type Greeting,
  PAUSE,
  type PauseReason,
  type SocketHandler,
  type SocketLimits,
  type SocketRequest,
  type SocketRoute,
  type SocketsDeclaration,
} from './types.ts';
export { refuseUpgrade } from './upgrade.ts';
