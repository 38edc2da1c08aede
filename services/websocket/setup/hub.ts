import type { Connection, SocketHandler, SocketRequest } from '@candlefish/kit/sockets';
import { ChannelSession } from './channel/channel-session.ts';
import type { ChannelHost } from './channel/host.ts';
import { DocumentMember } from './documents/member.ts';
import type { MemberFace } from './documents/member-face.ts';
import type { Entered, TenantDocuments } from './documents/tenant-documents.ts';
import { yCodecOf } from './documents/y-codec.ts';
import { HocuspocusSession } from './hocuspocus/session.ts';
import { Tenant, type TenantHost } from './tenant.ts';

const SWEEP_MS = 15_000;

/** What the hub needs of its service. */
export type HubParts = Omit<TenantHost & ChannelHost, 'enter' | 'flushSoon' | 'tenant'>;

/** All tenants of this node that have a connection open. */
export class Hub implements TenantHost, ChannelHost {
  readonly node: TenantHost['node'];
  readonly log: TenantHost['log'];
  readonly pubsub: TenantHost['pubsub'];
  readonly rates: TenantHost['rates'];
  readonly system: TenantHost['system'];
  readonly observeAck: TenantHost['observeAck'];
  readonly events: ChannelHost['events'];
  readonly draining: ChannelHost['draining'];
  readonly #tenants = new Map<string, Tenant>();
  readonly #sweep: NodeJS.Timeout;
  #unsent = new Set<TenantDocuments>();
  #gathering = false;

  constructor(parts: HubParts) {
    this.node = parts.node;
    this.log = parts.log;
    this.pubsub = parts.pubsub;
    this.rates = parts.rates;
    this.system = parts.system;
    this.observeAck = parts.observeAck;
    this.events = parts.events;
    this.draining = parts.draining;
    this.#sweep = setInterval(() => this.#closeIdle(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** The tenant's part of this node; await its `ready` before using it. */
  tenant(tenantId: string): Tenant {
    const found = this.#tenants.get(tenantId);
    if (found !== undefined) return found;
    const tenant = new Tenant(this, tenantId);
    this.#tenants.set(tenantId, tenant);
    // Who waits for it is told; the next one tries anew.
    tenant.ready.catch(() => this.#tenants.delete(tenantId));
    return tenant;
  }

  async enter(
    tenantId: string,
    documentId: string,
    epoch: number,
    version: number,
    member: MemberFace,
  ): Promise<Entered> {
    const tenant = this.tenant(tenantId);
    await tenant.comes(member.connection, member.user);
    return new Place(tenant, member, tenant.documents.enter(documentId, epoch, version, member));
  }

  /** What handles a connection to the channel. */
  openChannel(connection: Connection): SocketHandler {
    return new ChannelSession(this, connection);
  }

  /** What handles a connection in a document. */
  openDocument(connection: Connection, request: SocketRequest): SocketHandler {
    return new DocumentMember(this, connection, request, yCodecOf(connection));
  }

  /** What handles a connection for documents in the words of Hocuspocus. */
  openHocuspocus(connection: Connection): SocketHandler {
    return new HocuspocusSession(this, connection);
  }

  flushSoon(tenant: TenantDocuments): void {
    this.#unsent.add(tenant);
    if (this.#gathering) return;
    this.#gathering = true;
    // At the end of this turn: what was committed together leaves together, in one write a connection.
    setImmediate(() => {
      this.#gathering = false;
      const unsent = this.#unsent;
      this.#unsent = new Set();
      for (const documents of unsent) documents.flush();
    });
  }

  /** Resolves when every edit that came is committed or refused, and its author told; or when the signal aborts. */
  async drained(signal: AbortSignal): Promise<void> {
    const all = Promise.all([...this.#tenants.values()].map(({ documents }) => documents.drained()));
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([all, late]);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#tenants.values()].map((tenant) => tenant.close()));
    this.#tenants.clear();
  }

  #closeIdle(): void {
    const nowMs = performance.now();
    for (const [tenantId, tenant] of this.#tenants) {
      if (!tenant.isIdle(nowMs)) continue;
      this.#tenants.delete(tenantId);
      tenant.close().catch((error: unknown) => this.log.warn({ err: error }, 'leaving a tenant failed'));
    }
  }
}

/** A member's place. No closures: there may be a hundred thousand. */
class Place implements Entered {
  readonly tenant: TenantDocuments;
  readonly room: Entered['room'];
  readonly awareness: Entered['awareness'];
  readonly #tenant: Tenant;
  readonly #member: MemberFace;

  constructor(tenant: Tenant, member: MemberFace, { room, awareness }: Pick<Entered, 'room' | 'awareness'>) {
    this.#tenant = tenant;
    this.#member = member;
    this.tenant = tenant.documents;
    this.room = room;
    this.awareness = awareness;
  }

  leave(): void {
    this.tenant.leave(this.room, this.#member);
    this.#tenant.goes(this.#member.connection);
  }
}
