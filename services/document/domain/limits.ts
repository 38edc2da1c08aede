/** Encoded state of a document: a hundred long books. */
export const DOCUMENT_BYTES_MAX = 8 * 1024 * 1024;
