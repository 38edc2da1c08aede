import { createListeners, type OnListenerError, once } from './listeners.ts';
import { checkMessage, type PubSub } from './types.ts';

/** Joins several in-process nodes, as tests of two nodes in one process do. */
export interface InProcessBus {
  readonly nodes: Set<(channel: string, message: string) => void>;
}

/** A bus on which every node created with it hears the others. */
export const createInProcessBus = (): InProcessBus => ({ nodes: new Set() });

/** How the in-process driver is made. */
export interface InProcessPubSubOptions {
  /** Default: a bus of its own. */
  readonly bus?: InProcessBus;
  readonly onListenerError?: OnListenerError;
}

/** Pub/sub within one process: nothing is ever lost, so `onGap` is never called. */
export function createInProcessPubSub(options: InProcessPubSubOptions = {}): PubSub {
  const bus = options.bus ?? createInProcessBus();
  const listeners = createListeners(options.onListenerError ?? rethrowLater);
  let closed = false;
  bus.nodes.add(listeners.deliver);

  return {
    async publish(channel, message) {
      checkMessage(channel, message);
      if (closed) throw new Error('the pub/sub is closed');
      for (const deliver of bus.nodes) deliver(channel, message);
    },
    async subscribe(channel, listener, onGap) {
      checkMessage(channel, '');
      if (closed) throw new Error('the pub/sub is closed');
      const remove = listeners.add(channel, listener, onGap);
      return once(() => void remove());
    },
    async close() {
      closed = true;
      bus.nodes.delete(listeners.deliver);
      listeners.close();
    },
  };
}

/** Without a handler a fault of a listener is a fault of the process: it surfaces as an uncaught exception. */
export function rethrowLater(_channel: string, error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
