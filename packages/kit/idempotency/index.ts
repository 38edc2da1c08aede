/** Idempotency-Key: an effect and its answer are stored as one, and the answer is replayed. */
export {
  createIdempotency,
  type Idempotency,
  type IdempotencyParts,
  type IdempotentRequest,
  type IdempotentWork,
  isPassing,
  type StoredAnswer,
  StoredRefusal,
} from './idempotency.ts';
