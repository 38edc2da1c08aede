import type { Unsubscribe } from './types.ts';

/** Called with what a listener threw; a faulty listener must not keep a message from the others. */
export type OnListenerError = (channel: string, error: unknown) => void;

interface Entry {
  readonly listener: (message: string) => void;
  readonly onGap: (() => void) | undefined;
}

const GAP_INTERVAL_MS = 1_000; // while the bus is away a reader is at most this late

/** The listeners of one process, by channel, and the pulse that stands in for a bus that is away. */
export interface Listeners {
  /** @returns how to remove the listener; it answers whether the channel has none left. */
  add(channel: string, listener: (message: string) => void, onGap?: () => void): () => boolean;
  /** Hands a message over, later than the running code, as a bus would. */
  deliver(channel: string, message: string): void;
  /** Tells readers of these channels to read their truth again, now and every second until `heard`. */
  lost(channels: Iterable<string>): void;
  /** The channels are heard again: one last `onGap`. */
  heard(channels: Iterable<string>): void;
  channels(): readonly string[];
  close(): void;
}

export function createListeners(onError: OnListenerError): Listeners {
  const byChannel = new Map<string, Set<Entry>>();
  const away = new Set<string>();
  let pulse: NodeJS.Timeout | undefined;

  function guard(channel: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      onError(channel, error);
    }
  }

  function gap(channels: Iterable<string>): void {
    for (const channel of channels) {
      for (const { onGap } of [...(byChannel.get(channel) ?? [])]) if (onGap !== undefined) guard(channel, onGap);
    }
  }

  function stopPulse(): void {
    if (away.size > 0) return;
    clearInterval(pulse);
    pulse = undefined;
  }

  return {
    add(channel, listener, onGap) {
      const entry: Entry = { listener, onGap };
      const entries = byChannel.get(channel) ?? new Set<Entry>();
      byChannel.set(channel, entries.add(entry));
      return () => {
        if (!entries.delete(entry) || entries.size > 0 || byChannel.get(channel) !== entries) return false;
        byChannel.delete(channel);
        away.delete(channel);
        stopPulse();
        return true;
      };
    },
    deliver(channel, message) {
      queueMicrotask(() => {
        for (const { listener } of [...(byChannel.get(channel) ?? [])]) guard(channel, () => listener(message));
      });
    },
    lost(channels) {
      const fresh = [...channels].filter((channel) => byChannel.has(channel) && !away.has(channel));
      for (const channel of fresh) away.add(channel);
      gap(fresh);
      if (away.size > 0) pulse ??= setInterval(() => gap([...away]), GAP_INTERVAL_MS).unref();
    },
    heard(channels) {
      const back = [...channels].filter((channel) => away.delete(channel));
      stopPulse();
      gap(back);
    },
    channels: () => [...byChannel.keys()],
    close() {
      byChannel.clear();
      away.clear();
      stopPulse();
    },
  };
}

/** An `Unsubscribe` that runs `remove` once. */
export function once(remove: () => void): Unsubscribe {
  let done = false;
  return async () => {
    if (done) return;
    done = true;
    remove();
  };
}
