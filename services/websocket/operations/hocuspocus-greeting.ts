import { binaryFrame, type Greeting } from '@candlefish/kit/sockets';
import { deniedAt, readHocuspocusMessage, shareIn } from '../domain/hocuspocus-frames.ts';

/** A token that nobody has: an empty one is refused like a wrong one. */
const NO_TOKEN = '-';

/**
 * The first message with a token says who the socket belongs to. Edits may come before it, since a provider can be asked
 * for its token late: they are passed over, and the sync steps bring them again.
 */
export const hocuspocusGreeting: Greeting = {
  read(data, isBinary) {
    if (!isBinary) return null;
    try {
      const message = readHocuspocusMessage(data);
      if (message?.type !== 'token') return 'not-yet';
      return { token: shareIn(message.token) === null ? message.token || NO_TOKEN : null };
    } catch {
      return null;
    }
  },
  refusal(data) {
    const message = readHocuspocusMessage(data);
    if (message === null) throw new Error('only a message with a token is refused');
    return binaryFrame(deniedAt(message.address, 'unauthenticated'));
  },
};
