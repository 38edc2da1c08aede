/** Ends a subscription; at most one effect, safe to call twice. */
export type Unsubscribe = () => Promise<void>;

/**
 * Wakes readers, on this node and on others. Messages may be lost or come twice, so they carry hints and the truth is read elsewhere.
 */
export interface PubSub {
  /**
   * Sends to every listener of the channel, the caller's own process included, never before this call has returned.
   * Resolves when the bus has taken the message. A bus that is away is no error: listeners of this process are told all the same,
   * `onDegraded('pubsub')` is called, and the others learn of it through `onGap`.
   * @throws RangeError when the channel is longer than 200 bytes or the message longer than 7000.
   */
  publish(channel: string, message: string): Promise<void>;
  /**
   * Hears a channel. Resolves when messages published from then on are heard, or, when the bus is away, as soon as that is known.
   * @param onGap called when messages may have been lost: at a loss, every second while it lasts, and after it; read the truth again.
   */
  subscribe(channel: string, listener: (message: string) => void, onGap?: () => void): Promise<Unsubscribe>;
  /** Ends all subscriptions and connections. */
  close(): Promise<void>;
}

/** Longest channel name, bytes. */
export const CHANNEL_BYTES_MAX = 200;
/** Longest message, bytes: with its channel it stays below the 8000 bytes of a PostgreSQL notification, whatever the driver. */
export const MESSAGE_BYTES_MAX = 7_000;

/** @throws RangeError when either is too long or the channel is empty or has a line break. */
export function checkMessage(channel: string, message: string): void {
  if (channel === '' || channel.includes('\n') || Buffer.byteLength(channel) > CHANNEL_BYTES_MAX) {
    throw new RangeError(`a channel name has 1 to ${CHANNEL_BYTES_MAX} bytes and no line break`);
  }
  if (message.includes('\0') || Buffer.byteLength(message) > MESSAGE_BYTES_MAX) {
    throw new RangeError(`a message has at most ${MESSAGE_BYTES_MAX} bytes, none of them zero`);
  }
}
