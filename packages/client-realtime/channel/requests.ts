import { type Message, textOf } from '../messages.ts';

/** The server refused a request, or the connection ended before its answer. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** Code of the server, or `OFFLINE`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Open {
  resolve(message: Message): void;
  reject(error: RequestError): void;
}

/** Requests whose answer is waited for. Numbers are never used twice, so an answer finds its own request only. */
export class Requests {
  readonly #send: (message: object) => boolean;
  readonly #open = new Map<number, Open>();
  #lastId = 0;

  /** @param send Sends a message; false when there is no connection. */
  constructor(send: (message: object) => boolean) {
    this.#send = send;
  }

  /** A new number. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /**
   * Sends a request and gives its answer.
   * @throws RequestError when it is refused, or the connection is not there or ends.
   */
  ask(request: object, id = this.nextId()): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      if (this.#send({ ...request, id })) return;
      this.#open.delete(id);
      reject(new RequestError('OFFLINE', 'there is no connection'));
    });
  }

  /** Takes a message; nothing happens when it answers nothing that is waited for. */
  answer(message: Message): void {
    const { id } = message;
    const open = typeof id === 'number' ? this.#open.get(id) : undefined;
    if (open === undefined) return;
    this.#open.delete(id as number);
    if (message.type === 'refused') {
      open.reject(new RequestError(textOf(message['code'], 'REFUSED'), textOf(message['message'], 'refused')));
    } else open.resolve(message);
  }

  /** The connection is gone. */
  disconnected(): void {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const { reject } of all) reject(new RequestError('OFFLINE', 'the connection ended before the answer'));
  }
}
