import { ApiError, errorOfProblem } from './api-error.ts';

/** Who is signed in, and where. */
export interface SignedIn {
  readonly userId: string;
  readonly email: string;
  readonly role: string;
  readonly tenantId: string;
}

/** `unknown` until the first look for a session has ended. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'signed-in'; readonly who: SignedIn };

/** What a sign-in asks for. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** What a sign-up asks for. */
export interface NewAccount extends Credentials {
  readonly tenantName: string;
}

interface SignInBody {
  readonly token: string;
  readonly expiresIn: number;
  readonly user: { readonly id: string; readonly email: string; readonly role: string; readonly tenantId: string };
}

/** What one tab tells the others. */
type Word = 'signed-in' | 'signed-out';

const AUTH = '/api/v1/auth';
const CHANNEL = 'candlefish.session';
/** One refresh at a time over all tabs: the cookie of the first is what the second sends. */
const LOCK = 'candlefish.refresh';
/** Whether there may be a session; without it a first visit asks nothing. */
const HINT = 'candlefish.session';
/** A token is not used in its last seconds: it might end on the way. */
const SPARE_MS = 10_000;
const SECOND_MS = 1_000;
const UNAUTHORIZED = 401;

/**
 * The session of this tab. The access token is held in memory only; the refresh token is a cookie that no script can read.
 * Tabs share sign-in and sign-out.
 */
export class Session {
  #state: SessionState = { kind: 'unknown' };
  #token: { readonly text: string; readonly endsAt: number } | null = null;
  #refreshing: Promise<string | null> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor() {
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
      // Another person or tenant: what this tab shows belongs to the one before.
      if (data === 'signed-out') this.#drop();
      else void this.#refreshOnce();
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Calls back after each change. @returns how to stop. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Looks for the session of an earlier visit. @throws ApiError NETWORK when the platform does not answer. */
  async start(): Promise<void> {
    if (localStorage.getItem(HINT) === null) this.#drop();
    else await this.token();
  }

  /** @throws ApiError INVALID_CREDENTIALS and others. */
  async signIn(credentials: Credentials): Promise<void> {
    this.#accept(await post<SignInBody>(`${AUTH}/login`, credentials), 'signed-in');
  }

  /** @throws ApiError EMAIL_TAKEN, VALIDATION_FAILED and others. */
  async signUp(account: NewAccount): Promise<void> {
    this.#accept(await post<SignInBody>(`${AUTH}/signup`, account), 'signed-in');
  }

  /** Goes on in another tenant of the same person. @throws ApiError. */
  async switchTenant(tenantId: string): Promise<void> {
    this.#accept(await post<SignInBody>(`${AUTH}/switch`, { tenantId }, await this.token()), 'signed-in');
  }

  /** Ends the session, here and in the other tabs. @throws ApiError NETWORK when the platform does not answer. */
  async signOut(): Promise<void> {
    const token = await this.token();
    if (token !== null) await post<null>(`${AUTH}/logout`, {}, token);
    this.#drop();
    this.#channel.postMessage('signed-out' satisfies Word);
  }

  /** An access token that still holds; null for nobody. @throws ApiError NETWORK. */
  token(): Promise<string | null> {
    const token = this.#token;
    if (token !== null && Date.now() < token.endsAt) return Promise.resolve(token.text);
    if (this.#state.kind === 'signed-out') return Promise.resolve(null);
    return this.#refreshOnce();
  }

  /** A successor of a token that was refused; null when the session has ended. @throws ApiError NETWORK. */
  replace(refused: string): Promise<string | null> {
    return this.#token?.text === refused ? this.#refreshOnce() : this.token();
  }

  #refreshOnce(): Promise<string | null> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<string | null> {
    const body = await navigator.locks.request(LOCK, () => post<SignInBody>(`${AUTH}/refresh`, {})).catch(endedAsNull);
    if (body === null) {
      this.#drop();
      return null;
    }
    this.#accept(body);
    return body.token;
  }

  #accept({ token, expiresIn, user }: SignInBody, word?: Word): void {
    this.#token = { text: token, endsAt: Date.now() + expiresIn * SECOND_MS - SPARE_MS };
    const { id: userId, email, role, tenantId } = user;
    localStorage.setItem(HINT, tenantId);
    if (word !== undefined) this.#channel.postMessage(word);
    const known = this.#state.kind === 'signed-in' ? this.#state.who : null;
    if (known?.userId === userId && known.tenantId === tenantId && known.role === role) return;
    this.#set({ kind: 'signed-in', who: { userId, email, role, tenantId } });
  }

  #drop(): void {
    this.#token = null;
    localStorage.removeItem(HINT);
    this.#set({ kind: 'signed-out' });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A session that has ended is no failure of looking for one. */
function endedAsNull(error: unknown): null {
  if (error instanceof ApiError && (error.code === 'UNAUTHENTICATED' || error.code === 'SESSION_ENDED')) return null;
  if (error instanceof ApiError && error.code === `HTTP_${UNAUTHORIZED}`) return null;
  throw error;
}

async function post<Body>(path: string, body: unknown, token: string | null = null): Promise<Body> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-candlefish-csrf': '1',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  }).catch(unreachable);
  const text = await answer.text();
  const value: unknown = text === '' ? null : JSON.parse(text);
  if (!answer.ok) throw errorOfProblem(answer.status, value);
  return value as Body;
}

/** No answer at all, in words that can be shown. */
export function unreachable(cause: unknown): never {
  if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
  throw new ApiError('NETWORK', 'The platform cannot be reached. Check the connection and try again.', [], cause);
}
