import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Emitter, type Listener } from '../emitter.ts';
import { type Ending, Link, type LinkOptions } from '../link/link.ts';
import { DEFAULT_TIMING } from '../link/timing.ts';
import { type ConnectedUser, type Message, numberOf, userOf } from '../messages.ts';
import { EMPTY_UPDATE, mergeUpdates } from '../stores/combine.ts';
import type { DocumentStores, LossReason, StoredCopy, StoredLoss } from '../stores/document-store.ts';
import { type Kept, LocalCopy } from '../stores/local-copy.ts';
import { AwarenessLink } from './awareness-link.ts';
import { lacksDeletions } from './deletions.ts';
import {
  type AccessLevel,
  accessOf,
  type DocumentEvents,
  type DocumentState,
  type DocumentStatus,
  INITIAL_STATE,
  isSameState,
  mayEdit,
  type OfferedLoss,
  type Problem,
} from './document-state.ts';
import { queryAwarenessFrame, readServerFrame, type ServerFrame, step1Frame } from './frames.ts';
import { Losses } from './losses.ts';
import { covers } from './state-vector.ts';
import { untilSaved } from './until-saved.ts';
import { Uplink } from './uplink.ts';

/** What a document's provider needs to know. */
export interface DocumentProviderOptions
  extends Pick<LinkOptions, 'credential' | 'openSocket' | 'random' | 'shareToken' | 'timing'> {
  /** Address of the platform, `http:`, `https:`, `ws:` or `wss:`. */
  readonly url: string;
  readonly documentId: string;
  /** Where copies of documents are kept; left out, edits that are not saved live as long as the provider. */
  readonly stores?: DocumentStores | undefined;
}

/** Edits of so short a time become one frame. */
const BATCH_MS = 5;
/** Longest wait of `flush` when none is told. */
const FLUSH_MS = 10_000;

const FROM_SERVER = Symbol('server');
const FROM_STORE = Symbol('store');
const FROM_TAB = Symbol('another tab');

/** A live document: a `Y.Doc` in step with the server, kept on this machine, and what of it is saved. */
export class DocumentProvider {
  /** Resolves when the copy of this machine is in the document; it does not wait for the network. */
  readonly loaded: Promise<void>;
  readonly #events = new Emitter<DocumentEvents>();
  readonly #copy: LocalCopy;
  readonly #link: Link;
  readonly #uplink: Uplink;
  #doc: Y.Doc;
  #awareness: AwarenessLink;
  #batch: Uint8Array[] = [];
  #batchTimer: ReturnType<typeof setTimeout> | undefined;
  #tabKept: Kept = { id: null };
  #epoch: number | null = null;
  #access: AccessLevel | null = null;
  #user: ConnectedUser | null = null;
  #ending: Ending | null = null;
  /** The server's answer to this client's state vector is in the document. */
  #received = false;
  /** State vectors of this connection: what the server told, and what it was asked with. */
  #serverVector: Uint8Array | null = null;
  /** The server's answer, until its deletions were compared with those here. */
  #answerToCompare: Uint8Array | null = null;
  readonly #losses = new Losses((lossId) => this.#copy.forget(lossId));
  #state = INITIAL_STATE;

  constructor(options: DocumentProviderOptions) {
    const { documentId, stores = null } = options;
    const origin = options.url.replace(/^http/, 'ws').replace(/\/$/, '');
    const url = `${origin}/ws/${encodeURIComponent(documentId)}`;
    this.#link = new Link({ ...options, url, protocol: 'y-ack.v1' }, this.#linkHandlers());
    const { quotaWaitMs } = { ...DEFAULT_TIMING, ...options.timing };
    this.#uplink = new Uplink(
      {
        send: (frame) => void this.#link.send(frame),
        resync: () => this.#link.reconnect(),
        saved: (kept) => this.#copy.markSaved(kept),
        refused: (code) => {
          this.#update();
          this.#events.emit('refused', { code, update: this.#uplink.unsaved ?? EMPTY_UPDATE });
        },
      },
      quotaWaitMs,
    );
    this.#copy = new LocalCopy(stores, documentId, this.#copyHandlers());
    this.#doc = new Y.Doc();
    this.#awareness = this.#bind();
    this.loaded = this.#load();
  }

  /** The document. A `reset` event replaces it. */
  get doc(): Y.Doc {
    return this.#doc;
  }

  /** Who else is in the document, and where. A `reset` event replaces it. */
  get awareness(): Awareness {
    return this.#awareness.awareness;
  }

  /** How it stands; the same object as long as nothing changes. */
  get state(): DocumentState {
    return this.#state;
  }

  /** Changes that could not go into the document and that nobody has discarded, the oldest first. */
  get lostChanges(): readonly OfferedLoss[] {
    return this.#losses.offered;
  }

  /** Calls the listener at each such event until the function that is given back is called. */
  on<Name extends keyof DocumentEvents>(name: Name, listener: Listener<DocumentEvents[Name]>): () => void {
    return this.#events.on(name, listener);
  }

  /**
   * Resolves when every edit made so far is saved.
   * @throws NotSavedError after the time, or when it will not be: refused or closed.
   */
  async flush(timeoutMs = FLUSH_MS): Promise<void> {
    this.#sendBatch();
    await untilSaved(this, timeoutMs);
  }

  /**
   * Puts what is not saved aside as lost changes and starts from the server's document: the way on after a refusal. A `reset`
   * event gives the new document.
   */
  reload(): void {
    if (this.#ending !== null) return;
    const code = this.#uplink.refusal ?? 'reload';
    this.#startOver(this.#epoch, 'refused', code, true);
    this.#link.reconnect();
  }

  /** Leaves. Resolves when what is not saved is stored on this machine. */
  async destroy(): Promise<void> {
    this.#sendBatch();
    this.#doc.off('update', this.#onUpdate);
    this.#link.end();
    this.#uplink.disconnected();
    this.#awareness.destroy();
    await this.#copy.close();
    this.#events.clear();
  }

  async #load(): Promise<void> {
    const copy = await this.#copy.open();
    if (copy !== null) this.#apply(copy);
    this.#link.start();
    this.#update();
  }

  #apply({ epoch, updates, lost }: StoredCopy): void {
    this.#epoch = epoch;
    Y.transact(
      this.#doc,
      () => {
        for (const { update } of updates) Y.applyUpdate(this.#doc, update, FROM_STORE);
      },
      FROM_STORE,
    );
    for (const { id, update, unsaved } of updates) if (unsaved) this.#uplink.restore(update, [{ id }]);
    for (const loss of lost) this.#offer(loss);
  }

  #bind(): AwarenessLink {
    this.#doc.on('update', this.#onUpdate);
    return new AwarenessLink(this.#doc, {
      send: (frame) => void this.#link.send(frame),
      failed: (error) => this.#problem('awareness', error),
    });
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === FROM_STORE) return;
    if (origin === FROM_SERVER) this.#copy.keep(update, false);
    else if (origin === FROM_TAB) this.#uplink.push(update, [this.#tabKept]);
    else {
      this.#batch.push(update);
      this.#batchTimer ??= setTimeout(() => this.#sendBatch(), BATCH_MS);
    }
    this.#update();
  };

  #sendBatch(): void {
    clearTimeout(this.#batchTimer);
    this.#batchTimer = undefined;
    if (this.#batch.length === 0) return;
    const update = mergeUpdates(this.#batch);
    this.#batch = [];
    this.#uplink.push(update, [this.#copy.keep(update, true)]);
    this.#update();
  }

  #linkHandlers(): ConstructorParameters<typeof Link>[1] {
    return {
      phase: (phase) => {
        if (phase !== 'open') {
          this.#received = false;
          this.#serverVector = null;
          this.#answerToCompare = null;
          this.#uplink.disconnected();
          this.#awareness.disconnected();
        }
        this.#update();
      },
      text: (message) => this.#onText(message),
      binary: (bytes) => this.#onBinary(bytes),
      closed: (after) => {
        if (after === 'too_large' && this.#uplink.isSending) this.#uplink.stop('too_large');
      },
      ended: (ending) => {
        this.#ending = ending;
        this.#update();
      },
      failed: (error) => this.#problem('credential', error),
      probe: queryAwarenessFrame,
    };
  }

  #copyHandlers(): ConstructorParameters<typeof LocalCopy>[2] {
    return {
      changed: () => this.#update(),
      failed: (error) => this.#problem('storage', error),
      stale: (epoch) => {
        if (epoch === this.#epoch) return;
        this.#startOver(epoch, 'epoch', 'epoch', false);
        this.#link.reconnect();
      },
      everything: () => ({ state: Y.encodeStateAsUpdate(this.#doc), unsaved: this.#uplink.unsaved }),
      stored: ({ id, update }) => {
        this.#tabKept = { id };
        Y.applyUpdate(this.#doc, update, FROM_TAB);
      },
      saved: (ids) => {
        this.#uplink.savedElsewhere(ids);
        this.#update();
      },
    };
  }

  #onText(message: Message): void {
    if (message.type === 'joined') this.#onJoined(message);
    else if (message.type === 'access') {
      this.#setAccess(accessOf(message['access']));
      this.#update();
    }
  }

  #onJoined(message: Message): void {
    const epoch = numberOf(message['epoch'], 0);
    this.#user = userOf(message['user']);
    this.#setAccess(accessOf(message['access']));
    if (this.#epoch !== null && this.#epoch !== epoch) this.#startOver(epoch, 'epoch', 'epoch', false);
    this.#epoch = epoch;
    this.#copy.adopt(epoch);
    this.#link.letIn();
    this.#link.send(step1Frame(Y.encodeStateVector(this.#doc)));
    this.#awareness.connected();
  }

  #setAccess(access: AccessLevel): void {
    this.#access = access;
    this.#uplink.allow(mayEdit(access));
  }

  #onBinary(bytes: Uint8Array): void {
    try {
      this.#onFrame(readServerFrame(bytes));
    } catch (error) {
      this.#problem('frame', error);
      this.#link.reconnect();
    }
    this.#update();
  }

  #onFrame(frame: ServerFrame): void {
    if (frame.type === 'step1') this.#answer(frame.stateVector);
    else if (frame.type === 'awareness') this.#awareness.receive(frame.update);
    else if (frame.type === 'saved') this.#uplink.saved(frame.through);
    else if (frame.type === 'refused') this.#uplink.refused(frame.frame, frame.code);
    else if (frame.type === 'update') Y.applyUpdate(this.#doc, frame.update, FROM_SERVER);
    else if (frame.type === 'step2') this.#receive(frame.update);
  }

  /** Answers the server's state vector: sends what it lacks. */
  #answer(serverVector: Uint8Array): void {
    this.#sendBatch();
    this.#serverVector = serverVector;
    const hasAll = this.#uplink.edits === 0 && covers(serverVector, Y.encodeStateVector(this.#doc));
    this.#uplink.answer(hasAll ? null : Y.encodeStateAsUpdate(this.#doc, serverVector));
    this.#compareDeletions();
  }

  /** Takes what this client lacked. */
  #receive(update: Uint8Array): void {
    const wasEmpty = this.#doc.store.clients.size === 0;
    Y.applyUpdate(this.#doc, update, FROM_SERVER);
    if (this.#received) return;
    this.#received = true;
    this.#answerToCompare = wasEmpty ? null : update;
    this.#compareDeletions();
    this.#events.emit('synced', { doc: this.#doc, awareness: this.awareness });
  }

  /** Sends deletions that the server has lost. What waits to be saved has brought all of them along. */
  #compareDeletions(): void {
    const vector = this.#serverVector;
    const answer = this.#answerToCompare;
    if (vector === null || answer === null) return;
    this.#answerToCompare = null;
    if (this.#uplink.edits > 0 || !lacksDeletions(answer, this.#doc)) return;
    this.#uplink.answer(Y.encodeStateAsUpdate(this.#doc, vector));
  }

  /** Leaves the history: what is not saved is put aside, and an empty document takes the place of the old one. */
  #startOver(epoch: number | null, reason: LossReason, code: string, evenSame: boolean): void {
    this.#sendBatch();
    const old = this.#doc;
    const update = this.#uplink.unsaved;
    const lost =
      update === null
        ? null
        : { reason, code, epoch: this.#epoch, update, state: Y.encodeStateAsUpdate(old), at: new Date() };
    this.#uplink.clear();
    this.#epoch = epoch;
    this.#awareness.destroy();
    this.#doc = new Y.Doc();
    this.#awareness = this.#bind();
    // A loss that cannot be stored is still offered.
    void this.#copy.restart(epoch, lost, evenSame).then((loss) => {
      if (loss !== null) this.#offer(loss);
    });
    this.#events.emit('reset', { doc: this.#doc, awareness: this.awareness });
    old.destroy();
    this.#update();
  }

  #offer(loss: StoredLoss): void {
    this.#events.emit('lostChanges', this.#losses.offer(loss));
  }

  #problem(about: Problem['about'], error: unknown): void {
    this.#events.emit('problem', { about, error });
    this.#update();
  }

  #statusNow(): DocumentStatus {
    if (this.#ending !== null) return 'closed';
    if (this.#uplink.refusal !== null) return 'refused';
    if (this.#link.phase !== 'open') return this.#link.phase === 'connecting' ? 'connecting' : 'offline';
    if (!this.#received || !this.#uplink.isAnswered) return 'syncing';
    return this.#uplink.edits === 0 && this.#batch.length === 0 ? 'saved' : 'saving';
  }

  #update(): void {
    const next: DocumentState = {
      status: this.#statusNow(),
      unsavedChanges: this.#uplink.edits + (this.#batch.length > 0 ? 1 : 0),
      keptLocally: this.#copy.isStored && this.#batch.length === 0,
      access: this.#access,
      user: this.#user,
      refusal: this.#uplink.refusal,
      ending: this.#ending,
    };
    if (isSameState(this.#state, next)) return;
    this.#state = next;
    this.#events.emit('state', next);
  }
}
