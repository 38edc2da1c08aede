import type { Actor, Credential, Ctx } from '../context/index.ts';
import type { CloseCode } from './close-codes.ts';

/** An open connection whose credential holds. */
export interface Connection {
  readonly id: string;
  /** The subprotocol that was chosen; empty when the client offered none. */
  readonly protocol: string;
  /** Whose connection it is now; a renewed credential puts a new actor of the same person here. */
  readonly actor: Actor;
  /** Bytes that wait for the client to read them. */
  readonly waitingBytes: number;
  readonly isOpen: boolean;
  /** A context for one piece of work as the caller. */
  context(signal: AbortSignal): Ctx;
  /** Writes a frame of `textFrame` or `binaryFrame`; all frames of one turn of the event loop leave in one write. */
  write(frame: Buffer): void;
  /** Calls `emptied` of the handler once the client has read what waits. */
  tellWhenEmptied(): void;
  /** Stops reading; the client's sends fill its own buffers. Pauses add up by their reason. */
  pause(reason: PauseReason): void;
  /** Takes one reason to pause away. */
  resume(reason: PauseReason): void;
  /** Whether a token is its present credential. */
  holds(token: string): boolean;
  /**
   * Takes a new credential of the same person in the same tenant in place of the present one.
   * @throws AppError UNAUTHENTICATED when it does not hold or is somebody else's.
   */
  renew(token: string): Promise<void>;
  /** Ends the connection. Frames written before are sent first. */
  close(code: CloseCode, reason: string): void;
}

/** Why a connection is not read. */
export const PAUSE = {
  /** Its credential is being verified. */
  admission: 1,
  /** It has sent more than its share. */
  rate: 2,
  /** What it sent waits to be stored. */
  backlog: 4,
  /** It does not read its answers. */
  reader: 8,
} as const;
export type PauseReason = (typeof PAUSE)[keyof typeof PAUSE];

/** What a service does with one connection. It must not throw: a fault closes the connection. */
export interface SocketHandler {
  message(data: Buffer, isBinary: boolean): void;
  /** The credential was renewed: what the caller may do may have changed. */
  renewed(): void;
  /** The credential ends soon. */
  expiring(expiresAt: Date): void;
  /** A ping goes out, twice a minute or so. */
  beat(): void;
  /** The client has read what waited; see `tellWhenEmptied`. */
  emptied(): void;
  /** The process stops; the client should come back after this time. The close follows. */
  leaving(delayMs: number): void;
  /** Just before the platform closes the connection: tells the client why, in words. */
  refused(code: CloseCode, message: string): void;
  closed(): void;
}

/** What was asked for. */
export interface SocketRequest {
  /** Parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  /** Values offered as subprotocols of the form `word.value`, by word. */
  readonly words: ReadonlyMap<string, string>;
}

/** How clients of a path say who they are, where it is another way than `{"type":"auth","token":"…"}`. */
export interface Greeting {
  /**
   * The credential in a message of somebody unknown; its token is null for somebody who needs none. `not-yet` for a message
   * to pass over, null for one that ends the connection.
   */
  read(data: Buffer, isBinary: boolean): { readonly token: string | null } | 'not-yet' | null;
  /** The frame that tells the sender of such a message that its credential does not hold. Another one may follow. */
  refusal(data: Buffer): Buffer;
}

/** A path that opens sockets. */
export interface SocketRoute<Service = unknown> {
  /** Exact, `{name}` stands for one segment: `/ws/{documentId}`. */
  readonly path: `/${string}`;
  readonly summary: string;
  /** Subprotocols the server may choose, the preferred one first. */
  readonly protocols: readonly string[];
  /** A word whose holder may come without a credential; what it is worth is the handler's to decide. */
  readonly openWord?: string;
  /** Its message is then the first one that the handler gets. */
  readonly greeting?: Greeting;
  /** Called once the credential holds. Work that has to wait is the handler's own. */
  open(ctx: Ctx<Service>, connection: Connection, request: SocketRequest): SocketHandler;
}

/** How many connections of a kind a process holds. */
export interface SocketLimits {
  readonly socketsMax: number;
  /** Connections whose credential is not known yet. */
  readonly waitingMax: number;
  readonly perAddressMax: number;
  readonly perTenantMax: number;
  readonly perUserMax: number;
  /** Credentials of one address that may fail in a minute. */
  readonly refusalsPerMinute: number;
}

/** The sockets of a service. */
export interface SocketsDeclaration<Service = unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: routes of every service type stand in one list; each was checked when declared.
  readonly routes: readonly SocketRoute<any>[];
  limits(service: Service): SocketLimits;
  /** What a one-time ticket stands for, at its first use; null for one that is used, old or forged. */
  redeem(ctx: Ctx<Service>, ticket: string): Promise<Credential | null>;
  /** Finishes what clients were promised an answer for; after it the connections are closed. */
  drain(service: Service, signal: AbortSignal): Promise<void>;
}
