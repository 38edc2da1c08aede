/** A piece of a document that a thread of comments is about. */
export interface Highlight {
  /** Id of the thread. */
  readonly id: string;
  /** Encoded Yjs relative positions in base64. */
  readonly start: string;
  readonly end: string;
}

/** The class of a text that is commented on. */
export const HIGHLIGHT_CLASS = 'commented';

/** Bytes of a text in base64. */
export const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
