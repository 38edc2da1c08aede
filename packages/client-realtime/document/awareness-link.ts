import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { awarenessFrame } from './frames.ts';

/** What the server takes as one state. */
const AWARENESS_BYTES_MAX = 4_096;
/** Cursors move with every key; so many are enough for the eye. */
const SEND_EVERY_MS = 50;

/** Origin of what came from the server. */
const REMOTE = Symbol('awareness of the server');

/** How awareness reaches the server. */
export interface AwarenessHandlers {
  send(frame: Uint8Array): void;
  failed(error: unknown): void;
}

/** The awareness of a document, carried over connections. */
export class AwarenessLink {
  readonly awareness: Awareness;
  readonly #handlers: AwarenessHandlers;
  #connected = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(doc: Y.Doc, handlers: AwarenessHandlers) {
    this.#handlers = handlers;
    this.awareness = new Awareness(doc);
    this.awareness.on('update', (_changes: unknown, origin: unknown) => {
      if (origin === REMOTE || !this.#connected) return;
      this.#timer ??= setTimeout(() => this.#send(), SEND_EVERY_MS);
    });
  }

  /** A connection is there. The state is renewed, for the server told the others that the last connection has ended. */
  connected(): void {
    this.#connected = true;
    const state = this.awareness.getLocalState();
    if (state !== null) this.awareness.setLocalState(state);
  }

  /** The connection is gone, and with it what is known of others. */
  disconnected(): void {
    this.#connected = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, REMOTE);
  }

  /** What the server tells of others. @throws Error when it cannot be read. */
  receive(update: Uint8Array): void {
    applyAwarenessUpdate(this.awareness, update, REMOTE);
  }

  /** Ends the awareness and its clock. */
  destroy(): void {
    this.disconnected();
    this.awareness.destroy();
  }

  #send(): void {
    this.#timer = undefined;
    const update = encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]);
    if (update.byteLength <= AWARENESS_BYTES_MAX) this.#handlers.send(awarenessFrame(update));
    else {
      this.#handlers.failed(
        new RangeError(`the awareness takes ${update.byteLength} bytes, of ${AWARENESS_BYTES_MAX} allowed`),
      );
    }
  }
}
