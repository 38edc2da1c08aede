import { binaryFrame } from '@candlefish/kit/sockets';
import { awarenessEntry, awarenessMessage } from '../../domain/frames.ts';
import type { Roster, RosterChange } from '../roster/roster.ts';
import type { MemberFace } from './member-face.ts';

/** Awareness of one document on this node: who writes where, over all nodes. */
export class Awareness {
  readonly #roster: Roster;
  readonly #room: string;
  readonly #members: ReadonlySet<MemberFace>;
  readonly #stop: () => void;
  #newcomers = new Set<MemberFace>();
  #clock = 0;

  constructor(roster: Roster, documentId: string, members: ReadonlySet<MemberFace>) {
    this.#roster = roster;
    this.#room = `document:${documentId}`;
    this.#members = members;
    this.#stop = roster.watch(this.#room, (changes) => this.#tell(changes));
  }

  /** Whether somebody speaks for this client id, here or elsewhere. */
  isTaken(clientId: number): boolean {
    for (const [key] of this.#roster.entries(this.#room)) if (key === String(clientId)) return true;
    return false;
  }

  put(clientId: number, state: object): void {
    this.#roster.put(this.#room, String(clientId), state);
  }

  remove(clientId: number): void {
    this.#roster.remove(this.#room, String(clientId));
  }

  /**
   * Sends all states to a member, at the next moment: until then its own id is known, which it must not be sent. Somebody
   * who is alone is told so: the answer is the sign of life that a client asks for.
   */
  welcome(member: MemberFace): void {
    if (this.#newcomers.size === 0) setTimeout(() => this.#welcomeAll(), WELCOME_MS);
    this.#newcomers.add(member);
  }

  close(): void {
    this.#stop();
  }

  #welcomeAll(): void {
    const newcomers = this.#newcomers;
    this.#newcomers = new Set();
    const entries = [...this.#roster.entries(this.#room)].map(([key, value]) => this.#encode(key, value));
    for (const member of newcomers) member.reader.tell(ofOthers(member, entries));
  }

  #tell(changes: readonly RosterChange[]): void {
    const entries = changes.map(({ key, value }) => this.#encode(key, value));
    const owners = new Set(changes.map(({ key }) => Number(key)));
    const common = binaryFrame(awarenessMessage(entries.map(({ bytes }) => bytes)));
    for (const member of this.#members) {
      if (member.clientId !== null && owners.has(member.clientId)) {
        if (owners.size > 1) member.reader.tell(ofOthers(member, entries));
      } else member.reader.tell(common);
    }
  }

  /**
   * The clock is the server's time in ms, or one more than the last: it grows even when a client comes back with a clock
   * that began anew, or by another node.
   */
  #encode(key: string, value: unknown): Encoded {
    this.#clock = Math.max(this.#clock + 1, Date.now());
    const clientId = Number(key);
    return { clientId, bytes: awarenessEntry(clientId, this.#clock, value === null ? null : JSON.stringify(value)) };
  }
}

interface Encoded {
  readonly clientId: number;
  readonly bytes: Uint8Array;
}

const ofOthers = (member: MemberFace, entries: readonly Encoded[]) =>
  binaryFrame(
    awarenessMessage(entries.filter(({ clientId }) => clientId !== member.clientId).map(({ bytes }) => bytes)),
  );

/** Longer than it takes a client to say who it is after its first message. */
const WELCOME_MS = 50;
