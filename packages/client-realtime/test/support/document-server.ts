import { createServer, type IncomingMessage, type Server } from 'node:http';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';

/** A document of the server: what is in `doc` is committed. */
export interface ServedDocument {
  doc: Y.Doc;
  epoch: number;
  version: number;
  access: string;
}

/** What a test changes while the server runs. */
export interface Behaviour {
  /** Frames wait here before they are committed. */
  beforeCommit: (documentId: string) => Promise<void>;
  /** Code with which a frame is refused, or null. */
  refuse: (update: Uint8Array, documentId: string) => string | null;
  /** Takes part of a connection: false closes it with 4401. */
  admits: (credential: string) => boolean;
  /** Whether frames of clients are answered at all. */
  answers: boolean;
}

interface Connection {
  readonly socket: WebSocket;
  readonly documentId: string;
  readonly credential: string;
}

const frameOf = (write: (encoder: encoding.Encoder) => void): Uint8Array => encoding.encode(write);

/** A server of `/ws/{documentId}` as PROTOCOL.md has it, for one process: documents in memory, commits one after another. */
export class DocumentServer implements AsyncDisposable {
  readonly behaviour: Behaviour = {
    beforeCommit: async () => undefined,
    refuse: () => null,
    admits: () => true,
    answers: true,
  };
  readonly documents = new Map<string, ServedDocument>();
  readonly connections = new Set<Connection>();
  /** Credentials in the order in which they came: `ticket …`, `token …`, or a header's value. */
  readonly credentials: string[] = [];
  /** Bytes of the sync messages that clients sent. */
  readonly received: number[] = [];
  port = 0;
  #http: Server | null = null;
  #sockets: WebSocketServer | null = null;
  #life = 0;
  #commits: Promise<void> = Promise.resolve();

  static async start(): Promise<DocumentServer> {
    const server = new DocumentServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  document(id: string): ServedDocument {
    const known = this.documents.get(id) ?? { doc: new Y.Doc(), epoch: 1, version: 0, access: 'edit' };
    this.documents.set(id, known);
    return known;
  }

  text(id: string): string {
    return this.document(id).doc.getText('text').toString();
  }

  async listen(): Promise<void> {
    const http = createServer();
    const sockets = new WebSocketServer({
      server: http,
      maxPayload: 2_097_152,
      handleProtocols: (offered) => offered.values().next().value ?? false,
    });
    sockets.on('connection', (socket, request) => this.#connect(socket, request));
    await new Promise<void>((resolve) => http.listen(this.port, '127.0.0.1', resolve));
    const address = http.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
    this.#http = http;
    this.#sockets = sockets;
  }

  /** Dies: connections break and what was not committed is gone. */
  async kill(): Promise<void> {
    this.#life += 1;
    this.#commits = Promise.resolve();
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    this.connections.clear();
    this.#sockets?.close();
    this.#http?.closeAllConnections();
    await new Promise<void>((resolve) => (this.#http === null ? resolve() : this.#http.close(() => resolve())));
  }

  /** Closes every connection with a code, after a message when one is given. */
  closeAll(code: number, message?: object): void {
    for (const { socket } of this.connections) {
      if (message !== undefined) socket.send(JSON.stringify(message));
      socket.close(code);
    }
  }

  tell(message: object): void {
    for (const { socket } of this.connections) socket.send(JSON.stringify(message));
  }

  /** Gives the document a new history with this text. */
  erase(id: string, text: string): void {
    const document = this.document(id);
    document.doc = new Y.Doc();
    document.doc.getText('text').insert(0, text);
    document.epoch += 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #connect(socket: WebSocket, request: IncomingMessage): void {
    const documentId = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const ticket = request.headers['sec-websocket-protocol']?.split(/,\s*/).find((part) => part.startsWith('ticket.'));
    const header = request.headers.authorization;
    socket.on('error', () => socket.terminate());
    if (ticket !== undefined) this.#letIn(socket, documentId, `ticket ${ticket.slice('ticket.'.length)}`);
    else if (header !== undefined) this.#letIn(socket, documentId, header);
    else {
      socket.once('message', (data) => {
        const { token } = JSON.parse(String(data)) as { token: string };
        this.#letIn(socket, documentId, `token ${token}`);
      });
    }
  }

  #letIn(socket: WebSocket, documentId: string, credential: string): void {
    this.credentials.push(credential);
    if (!this.behaviour.admits(credential)) {
      socket.close(4401);
      return;
    }
    const document = this.document(documentId);
    const connection: Connection = { socket, documentId, credential };
    this.connections.add(connection);
    socket.on('close', () => this.connections.delete(connection));
    const { access, epoch, version } = document;
    const user = { id: 'u1', name: 'Ada', kind: 'user' };
    socket.send(
      JSON.stringify({ type: 'joined', documentId, access, version, epoch, connectionId: 'c', user, expiresAt: null }),
    );
    socket.send(
      frameOf((encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint8Array(encoder, Y.encodeStateVector(document.doc));
      }),
    );
    socket.on('message', (data: Buffer, isBinary) => {
      if (!this.behaviour.answers) return;
      if (isBinary) this.#onFrame(connection, new Uint8Array(data));
      else this.credentials.push(`again ${(JSON.parse(String(data)) as { token: string }).token}`);
    });
  }

  #onFrame(connection: Connection, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    if (type === 100) {
      decoding.readVarUint(decoder);
      const number = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      this.#commit(connection, number, decoding.readVarUint8Array(decoder));
    } else if (type === 0) {
      decoding.readVarUint(decoder);
      const update = Y.encodeStateAsUpdate(
        this.document(connection.documentId).doc,
        decoding.readVarUint8Array(decoder),
      );
      connection.socket.send(
        frameOf((encoder) => {
          encoding.writeVarUint(encoder, 0);
          encoding.writeVarUint(encoder, 1);
          encoding.writeVarUint8Array(encoder, update);
        }),
      );
    } else if (type === 1) {
      for (const { socket, documentId } of this.connections) {
        if (documentId === connection.documentId && socket !== connection.socket) socket.send(bytes);
      }
    } else {
      connection.socket.send(new Uint8Array([1, 1, 0]));
    }
  }

  #commit(connection: Connection, number: number, update: Uint8Array): void {
    const life = this.#life;
    this.received.push(update.byteLength);
    this.#commits = this.#commits.then(async () => {
      await this.behaviour.beforeCommit(connection.documentId);
      if (life !== this.#life) return;
      const document = this.document(connection.documentId);
      const code = this.#refusal(document, connection.documentId, update);
      if (code === null) {
        Y.applyUpdate(document.doc, update);
        document.version += 1;
        this.#fanOut(connection, update);
      } else {
        connection.socket.send(
          frameOf((encoder) => {
            encoding.writeVarUint(encoder, 100);
            encoding.writeVarUint(encoder, 2);
            encoding.writeVarUint(encoder, number);
            encoding.writeVarString(encoder, code);
          }),
        );
      }
      connection.socket.send(
        frameOf((encoder) => {
          encoding.writeVarUint(encoder, 100);
          encoding.writeVarUint(encoder, 1);
          encoding.writeVarUint(encoder, number);
        }),
      );
    });
  }

  #refusal(document: ServedDocument, id: string, update: Uint8Array): string | null {
    if (document.access === 'view' || document.access === 'comment') return 'read_only';
    if (update.byteLength > 1_048_576) return 'too_large';
    const code = this.behaviour.refuse(update, id);
    if (code !== null) return code;
    const scratch = new Y.Doc();
    Y.applyUpdate(scratch, Y.encodeStateAsUpdate(document.doc));
    Y.applyUpdate(scratch, update);
    const isWaiting = scratch.store.pendingStructs !== null || scratch.store.pendingDs !== null;
    return isWaiting ? 'missing_dependencies' : null;
  }

  #fanOut(author: Connection, update: Uint8Array): void {
    const bytes = frameOf((encoder) => {
      encoding.writeVarUint(encoder, 0);
      encoding.writeVarUint(encoder, 2);
      encoding.writeVarUint8Array(encoder, update);
    });
    for (const { socket, documentId } of this.connections) {
      if (documentId === author.documentId && socket !== author.socket) socket.send(bytes);
    }
  }
}
