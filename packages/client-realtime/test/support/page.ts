import { DocumentProvider, type DocumentState, IndexedDbStores } from '../../index.ts';

/** What the test page offers to a test. */
export interface PageHandle {
  open(url: string, documentId: string, owner: string): Promise<void>;
  type(text: string): void;
  text(): string;
  state(): DocumentState;
  /** What went wrong and was told, in order. */
  problems(): readonly string[];
  flush(): Promise<void>;
  close(): Promise<void>;
  drop(owner: string): Promise<void>;
}

/** Waits of a test: short, and in the proportions of the real ones. */
const TIMING = { retryBaseMs: 50, retryMaxMs: 300, connectMaxMs: 3_000, stableAfterMs: 100 };

let provider: DocumentProvider | null = null;
const stores = new Map<string, IndexedDbStores>();
const problems: string[] = [];

function opened(): DocumentProvider {
  if (provider === null) throw new Error('no document is open');
  return provider;
}

const handle: PageHandle = {
  async open(url, documentId, owner) {
    const own = stores.get(owner) ?? new IndexedDbStores(owner);
    stores.set(owner, own);
    provider = new DocumentProvider({
      url,
      documentId,
      credential: () => ({ token: 'good' }),
      stores: own,
      timing: TIMING,
    });
    provider.on('problem', ({ about, error }) => problems.push(`${about}: ${error}`));
    await provider.loaded;
  },
  type(text) {
    const target = opened().doc.getText('text');
    target.insert(target.length, text);
  },
  text: () => opened().doc.getText('text').toString(),
  state: () => opened().state,
  problems: () => problems,
  flush: () => opened().flush(),
  close: () => opened().destroy(),
  drop: (owner) => IndexedDbStores.drop(owner),
};

Object.assign(globalThis, { realtime: handle });
