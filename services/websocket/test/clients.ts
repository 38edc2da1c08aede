import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { encode, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

/** Longest wait for a condition. */
const WAIT_MAX_MS = 10_000;
const LOOK_MS = 10;

/** Waits until a condition holds. @throws Error that says what did not come. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = WAIT_MAX_MS,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`this did not come within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Time in which what should not come would have come: many times what the node gathers for. */
const STAYS_MS = 100;

/** Looks on for a moment. @throws Error when the condition ends. */
export async function stays(what: string, holds: () => boolean): Promise<void> {
  const until = performance.now() + STAYS_MS;
  while (performance.now() < until) {
    if (!holds()) throw new Error(`this did not stay so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** A stock `y-websocket` provider with its document. */
export interface StockClient {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  close(): void;
}

/** Opens a document as any user of y-websocket would, with headers in place of a browser's ticket. */
export function stockClient(
  url: string,
  documentId: string,
  credential: { readonly token?: string; readonly protocols?: readonly string[] },
): StockClient {
  const doc = new Y.Doc();
  class WithHeaders extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      const headers = credential.token === undefined ? {} : { authorization: `Bearer ${credential.token}` };
      super(address, protocols, { headers });
    }
  }
  const provider = new WebsocketProvider(`${url}/ws`, documentId, doc, {
    WebSocketPolyfill: WithHeaders as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    protocols: [...(credential.protocols ?? [])],
  });
  return {
    doc,
    provider,
    close() {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** A client that speaks the wire protocol by hand. */
export class RawClient {
  readonly socket: WebSocket;
  readonly texts: Record<string, unknown>[] = [];
  readonly frames: Buffer[] = [];
  /** Highest number told as saved. */
  saved = 0;
  readonly refused = new Map<number, string>();
  /** Close code, when it is closed. */
  closed: number | null = null;
  closedBecause = '';
  /** Status of a refused upgrade. */
  status: number | null = null;
  #number = 0;

  constructor(address: string, protocols: readonly string[], headers: Record<string, string> = {}) {
    this.socket = new WebSocket(address, [...protocols], { headers });
    this.socket.on('error', () => undefined);
    this.socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? 0;
      response.destroy();
    });
    this.socket.on('close', (code, reason) => {
      this.closed = code;
      this.closedBecause = String(reason);
    });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.texts.push(JSON.parse(data.toString()));
      else if (data[0] === 100) this.#acknowledged(data);
      else this.frames.push(data);
    });
  }

  opened(): Promise<void> {
    return until('the socket is open', () => this.socket.readyState === WebSocket.OPEN);
  }
  text(type: string): Record<string, unknown> | undefined {
    return this.texts.find((text) => text['type'] === type);
  }
  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
  /** Sends an update with the next number. @returns the number. */
  edit(update: Uint8Array, kind = 2): number {
    this.#number += 1;
    const number = this.#number;
    this.socket.send(
      encode((encoder) => {
        for (const value of [100, 0, number, 0, kind]) writeVarUint(encoder, value);
        writeVarUint8Array(encoder, update);
      }),
    );
    return number;
  }
  /** Asks for what a state vector lacks. */
  sync(doc: Y.Doc): void {
    this.socket.send(
      encode((encoder) => {
        writeVarUint(encoder, 0);
        writeVarUint(encoder, 0);
        writeVarUint8Array(encoder, Y.encodeStateVector(doc));
      }),
    );
  }
  close(): void {
    this.socket.terminate();
  }

  #acknowledged(data: Buffer): void {
    const decoder = createDecoder(data);
    readVarUint(decoder);
    const kind = readVarUint(decoder);
    const number = readVarUint(decoder);
    if (kind === 1) this.saved = number;
    else this.refused.set(number, readVarString(decoder));
  }
}
