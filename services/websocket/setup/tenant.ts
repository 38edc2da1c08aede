import type { Connection } from '@candlefish/kit/sockets';
import type { OnlineMember, Person, Presence } from '../domain/person.ts';
import { onlineMembers } from '../domain/person.ts';
import { TenantRooms } from './channel/tenant-rooms.ts';
import { type DocumentsHost, TenantDocuments } from './documents/tenant-documents.ts';
import { Roster } from './roster/roster.ts';

/** Room of the roster in which everybody stands who has a connection open. */
const ONLINE = 'online';
/** A tenant that nobody uses is kept for this time: who asks once for who is online asks again. */
const IDLE_MS = 30_000;

/** What a tenant's part of this node is made on. */
export interface TenantHost extends DocumentsHost {
  /** This node, unique over all nodes and starts. */
  readonly node: string;
}

/** What this node holds of one tenant: open documents, rooms of the channel, who is online. */
export class Tenant {
  readonly documents: TenantDocuments;
  readonly rooms: TenantRooms;
  readonly ready: Promise<void>;
  readonly #roster: Roster;
  #users = 0;
  #usedAtMs = performance.now();
  #stopWatching: (() => void) | null = null;

  constructor(host: TenantHost, tenantId: string) {
    const { node, pubsub, log } = host;
    this.#roster = new Roster({ tenantId, node, pubsub, log });
    this.documents = new TenantDocuments(host, tenantId, this.#roster);
    this.rooms = new TenantRooms({ tenantId, pubsub, roster: this.#roster, log });
    this.ready = Promise.all([this.#roster.start(), this.documents.start(), this.rooms.start()]).then(() => undefined);
  }

  /** Counts somebody who uses the tenant, until `release`; it is kept while there is one. */
  use(): void {
    this.#users += 1;
  }

  release(): void {
    this.#users -= 1;
    this.#usedAtMs = performance.now();
  }

  /** Takes a connection in, once the tenant is ready: others see who is behind it until `goes`. */
  async comes(connection: Connection, user: Person): Promise<void> {
    this.use();
    try {
      await this.ready;
    } catch (error) {
      this.release();
      throw error;
    }
    this.#roster.put(ONLINE, connection.id, { user, since: new Date().toISOString() } satisfies Presence);
  }

  goes(connection: Connection): void {
    this.#roster.remove(ONLINE, connection.id);
    this.release();
  }

  /** Who is online, over all nodes, as far as they have told. */
  async whoIsOnline(): Promise<readonly OnlineMember[]> {
    this.#watchOnline();
    await this.#roster.known(ONLINE);
    return this.#members();
  }

  /** Calls the listener when somebody has come or gone. @returns what ends it. */
  onPresence(listener: () => void): () => void {
    this.use();
    const stop = this.#roster.watch(ONLINE, listener);
    return () => {
      stop();
      this.release();
    };
  }

  isIdle(nowMs: number): boolean {
    return this.#users === 0 && this.documents.isIdle && nowMs - this.#usedAtMs > IDLE_MS;
  }

  async close(): Promise<void> {
    await this.ready;
    this.#stopWatching?.();
    await this.documents.close();
    await this.rooms.close();
    await this.#roster.close();
  }

  #watchOnline(): void {
    this.#usedAtMs = performance.now();
    this.#stopWatching ??= this.#roster.watch(ONLINE, () => undefined);
  }

  #members(): readonly OnlineMember[] {
    return onlineMembers([...this.#roster.entries(ONLINE)].map(([, value]) => value as Presence));
  }
}
