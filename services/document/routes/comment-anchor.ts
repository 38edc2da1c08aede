import { platformErrors } from '@candlefish/kit/errors';
import type { BeginThreadInput } from '../operations/begin-thread.ts';

type Bytes = string | Uint8Array;

/** A place as REST and GraphQL write it. */
export type AnchorInput =
  | { readonly start: Bytes; readonly end: Bytes }
  | { readonly root: string; readonly start: number; readonly end: number };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The place of a new thread. @throws AppError VALIDATION_FAILED for bytes that are not in base64. */
export function anchorInput(given: AnchorInput | null | undefined): BeginThreadInput['anchor'] {
  if (given === null || given === undefined) return null;
  if ('root' in given) return given;
  return { start: bytesOf('/anchor/start', given.start), end: bytesOf('/anchor/end', given.end) };
}

function bytesOf(pointer: string, bytes: Bytes): Uint8Array {
  if (typeof bytes !== 'string') return bytes;
  if (BASE64.test(bytes)) return Buffer.from(bytes, 'base64');
  const message = 'must be base64 with padding (RFC 4648, section 4)';
  throw platformErrors.validationFailed({ fields: [{ pointer, message }] });
}
