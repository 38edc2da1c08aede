/** What marks a schema of bytes: a `Uint8Array` within a process, which JSON Schema has no word for. */
export const BYTES_KEYWORD = 'x-bytes';
