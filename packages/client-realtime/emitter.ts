/** Called with what an event carries. */
export type Listener<Payload> = (payload: Payload) => void;

/** Typed events of one object. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Calls the listener at each such event until the function that is given back is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // A listener that is added twice is two listeners: each is taken off by its own function.
    const own: Listener<Events[Name]> = (payload) => listener(payload);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /** Calls the listeners in the order in which they came. What one throws reaches the environment and stops no other. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Events[Name]>)(payload);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Takes all listeners off. */
  clear(): void {
    this.#listeners.clear();
  }
}
