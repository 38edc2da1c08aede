import type { Turn } from '@candlefish/testkit/conversation';
import { applyPatch, type Patch } from '@candlefish/testkit/editing-traces';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import * as Y from 'yjs';
import { RawClient } from './clients.ts';

const SYNC = 0;
const ROOT = 'content';
/** Longest wait for something that the other one sent. */
const HEARD_WITHIN_MS = 20_000;

/**
 * Somebody who types their turns of a recorded conversation into one document, over a socket of their own. Nothing is typed
 * before what it builds on has come over the socket, and what comes early is kept aside until then: so each turn is typed
 * on the very state that it was typed on at first. What was typed is sent when the next turn has to wait.
 */
export class Typist {
  /** What the next turn is typed on. */
  readonly doc = new Y.Doc();
  readonly client: RawClient;
  /** What each turn changed. */
  readonly updates: Uint8Array[] = [];
  /** What has come over the socket, with what was typed here. */
  readonly #copy = new Y.Doc();
  /** Clock of the own client id after each turn. */
  readonly #clocks: number[] = [0];
  #sent = 0;
  #frames = 0;
  #heard = 0;
  #isSynced = false;
  #waiting: (() => void)[] = [];

  constructor(address: string, token: string) {
    this.client = new RawClient(address, ['y-ack.v1'], { authorization: `Bearer ${token}` });
    this.client.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary && data[0] === SYNC) this.#take(data);
      this.#wake();
    });
    this.client.socket.on('close', () => this.#wake());
    this.doc.on('update', (update: Uint8Array, _origin: unknown, _doc: Y.Doc, { local }: Y.Transaction) => {
      if (!local) return;
      this.updates.push(update);
      Y.applyUpdate(this.#copy, update);
    });
  }

  /** Whether all that was sent is committed. */
  get isSaved(): boolean {
    return this.client.saved === this.#frames && this.client.refused.size === 0;
  }

  /** What the platform has made of the conversation for this client. */
  get text(): string {
    return this.#copy.getText(ROOT).toString();
  }

  /** Begins to listen. Resolves when the document has come. */
  async join(): Promise<void> {
    await this.#until('the document', () => this.client.text('joined') !== undefined);
    this.client.sync(this.#copy);
    await this.#until('the document', () => this.#isSynced);
  }

  /** Types the turns, each when so many of the other's turns have come as it builds on, and then hears all of the other's. */
  async type(turns: readonly Turn[], partner: Typist, partnerTurns: number): Promise<void> {
    for (const { patches, heard } of turns) {
      await this.#hear(partner, heard);
      this.#make(patches);
    }
    await this.#hear(partner, partnerTurns);
    this.#say();
  }

  /** Sends the turns that are not sent. */
  #say(): void {
    if (this.#sent === this.updates.length) return;
    this.#frames = this.client.edit(Y.mergeUpdates(this.updates.slice(this.#sent)));
    this.#sent = this.updates.length;
  }

  async #hear(partner: Typist, count: number): Promise<void> {
    if (count === this.#heard) return;
    if (!this.#hasCome(partner, count)) {
      this.#say();
      await this.#until(`turn ${count} of the other one`, () => this.#hasCome(partner, count));
    }
    Y.applyUpdate(this.doc, Y.mergeUpdates(partner.updates.slice(this.#heard, count)));
    this.#heard = count;
    const clock = Y.getState(this.doc.store, partner.doc.clientID);
    if (clock !== partner.#clocks[count]) throw new Error(`this is not turn ${count} of the other one`);
  }

  /** Whether the other one's turns are in what has come over the socket, with all that they wrote and deleted. */
  #hasCome(partner: Typist, count: number): boolean {
    const clock = partner.#clocks[count];
    if (clock === undefined || Y.getState(this.#copy.store, partner.doc.clientID) < clock) return false;
    const turns = Y.mergeUpdates(partner.updates.slice(this.#heard, count));
    return Y.snapshotContainsUpdate(Y.snapshot(this.#copy), turns);
  }

  #make(patches: readonly Patch[]): void {
    const text = this.doc.getText(ROOT);
    this.doc.transact(() => {
      for (const patch of patches) applyPatch(text, patch);
    });
    this.#clocks.push(Y.getState(this.doc.store, this.doc.clientID));
    this.#wake();
  }

  #take(data: Buffer): void {
    const decoder = createDecoder(data);
    readVarUint(decoder);
    // Step 1 asks for what this client has, which is sent as it is typed.
    if (readVarUint(decoder) === 0) return;
    Y.applyUpdate(this.#copy, readVarUint8Array(decoder));
    this.#isSynced = true;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Looks whenever something was typed or has come. @throws Error when it does not come, or the socket closes. */
  async #until(what: string, holds: () => boolean): Promise<void> {
    const endAt = performance.now() + HEARD_WITHIN_MS;
    while (!holds()) {
      const left = endAt - performance.now();
      if (left <= 0 || this.client.closed !== null) throw new Error(`this did not come: ${what}`);
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        timer = setTimeout(resolve, left);
      });
      clearTimeout(timer);
    }
  }
}
