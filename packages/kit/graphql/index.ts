/** GraphQL subgraphs: built from SDL and resolvers, run by one compiled engine, here or in another process. */
export { batched } from './batch.ts';
export { createEngine, type Engine, type EngineName, type EngineRequest } from './engine.ts';
export { type ErrorScope, extensionsOf, graphqlErrorOf, inputError, publicError } from './errors.ts';
export { type EventStream, eventStream } from './event-stream.ts';
export { EventStreamBody } from './event-stream-body.ts';
export { type IdempotentSubgraph, idempotentExecutor } from './idempotent.ts';
export { type RemoteSubgraphs, type RemoteSubgraphsOptions, remoteSubgraphs } from './remote.ts';
export type { CompleteResolvers } from './resolver-map.ts';
export { Base64, Cursor, DateTime, Json, SCALARS } from './scalars.ts';
export { type ServeSubgraphsOptions, subgraphsPlugin } from './serve.ts';
export {
  createSubgraph,
  type Subgraph,
  type SubgraphAnswer,
  type SubgraphExecutor,
  type SubgraphOptions,
  type SubgraphRequest,
} from './subgraph.ts';
