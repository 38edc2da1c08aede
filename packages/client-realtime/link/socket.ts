/** The part of a WebSocket that a link uses; those of browsers and of Node have it. */
export interface Socket {
  binaryType: string;
  readonly protocol: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: (() => void) | null;
}

/**
 * Opens a socket.
 * @param headers Request headers; only clients outside browsers can send them.
 */
export type OpenSocket = (
  url: string,
  protocols: readonly string[],
  headers: Readonly<Record<string, string>> | null,
) => Socket;

type SocketConstructor = new (
  url: string,
  options:
    | readonly string[]
    | { readonly protocols: readonly string[]; readonly headers: Readonly<Record<string, string>> },
) => Socket;

/**
 * Opens the WebSocket of the environment. That of Node takes headers beside the protocols.
 * @throws TypeError where there is no WebSocket.
 */
export const openGlobalSocket: OpenSocket = (url, protocols, headers) => {
  const { WebSocket } = globalThis as unknown as { readonly WebSocket?: SocketConstructor };
  if (WebSocket === undefined) throw new TypeError('this environment has no WebSocket');
  return new WebSocket(url, headers === null ? [...protocols] : { protocols: [...protocols], headers });
};
