export { createPostgresRevocationLog } from './postgres-log.ts';
export { createRedisCopy } from './redis-copy.ts';
export { createRevocations, type RevocationsOptions } from './revocations.ts';
export {
  type RevocationCopy,
  type RevocationLog,
  type RevocationMark,
  type RevocationPage,
  type Revocations,
  RevocationsStaleError,
} from './types.ts';
