interface EventSource {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}

/**
 * Calls back when the browser is in a network again: a wait of 30 s is then over at once. Outside browsers never.
 * Gives the function that stops it.
 */
export function onReturn(listener: () => void): () => void {
  const target = globalThis as EventSource;
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
