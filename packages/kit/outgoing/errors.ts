/** Why a call did not happen or gave no usable answer. */
export type OutgoingFailure =
  | 'address' // the URL or what its name resolves to may not be called
  | 'redirects' // too many, or one that may not be followed
  | 'too_large' // the body is larger than allowed
  | 'encoding' // the body is coded in a way that was not offered, or not as it says
  | 'timeout'
  | 'unreachable'; // name, connection, TLS or protocol failed

/** A call that failed. The message is fit for the person who gave the address: it tells nothing of our network. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly failure: OutgoingFailure;

  constructor(failure: OutgoingFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.failure = failure;
  }
}
