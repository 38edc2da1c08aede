/** What a client does when the server has closed. */
export type AfterClose =
  /** Tries again after a random delay, or the one it was told. */
  | 'retry'
  /** Tries again after a long delay. */
  | 'retry_late'
  /** Never tries again by itself. */
  | 'give_up'
  /** Tries again after what it sent was given up: the frame was too large. */
  | 'too_large'
  /** Tries again; the next `joined` tells the epoch. */
  | 'epoch';

/** Close codes whose answer is not simply a new try (PROTOCOL.md of services/websocket). */
const BY_CODE: ReadonlyMap<number, AfterClose> = new Map([
  [1009, 'too_large'],
  [4400, 'give_up'],
  [4403, 'give_up'],
  [4404, 'give_up'],
  [4409, 'epoch'],
  [4429, 'retry_late'],
]);

/** What the close code asks for; an unknown code is a broken connection. */
export const afterClose = (code: number): AfterClose => BY_CODE.get(code) ?? 'retry';
