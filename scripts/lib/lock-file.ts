/** The fields of a `packages` entry of package-lock.json (version 3) that our checks read or write. */
export interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The part of package-lock.json that our checks read. */
export interface LockFile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/** An optional dependency that a package names and the lock file has no entry for. */
export interface MissingEntry {
  readonly wantedBy: string;
  readonly name: string;
  readonly version: string;
  readonly entry: LockEntry;
}

/** Marks a folder of installed packages in the keys of a lock file. */
const FOLDER = 'node_modules/';

/** An exact version; a range could not be written down without asking the registry. */
const EXACT_VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

const OS_NAMES: readonly string[] = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'sunos', 'win32'];
const CPU_NAMES: readonly string[] = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * Optional dependencies without an entry. npm drops the packages of other platforms that its registry cannot give, and
 * `npm ci` then refuses the lock file that npm itself wrote, so each of them gets an entry made from its name.
 * @throws Error when such a dependency is a range, or its name does not say its platform.
 */
export function missingEntries(lock: LockFile): readonly MissingEntry[] {
  return Object.entries(lock.packages).flatMap(([wantedBy, wanting]) =>
    Object.entries(wanting.optionalDependencies ?? {})
      .filter(([name]) => findEntry(lock, wantedBy, name) === undefined)
      .map(([name, version]) => {
        if (!EXACT_VERSION.test(version)) throw new Error(`${wantedBy} wants ${name}@${version}: not an exact version`);
        return { wantedBy, name, version, entry: platformEntry(name, version, wanting.dev === true) };
      }),
  );
}

/** The lock file with an entry for every optional dependency, entries sorted as npm sorts them. */
export function completeLock<T extends LockFile>(lock: T): T {
  const missing = missingEntries(lock);
  if (missing.length === 0) return lock;
  const packages: Record<string, LockEntry> = { ...lock.packages };
  for (const { wantedBy, name, entry } of missing) {
    const key = FOLDER + name;
    // A second version of one platform package lives below the package that wants it, where npm looks first.
    const isTaken = packages[key] !== undefined && packages[key].version !== entry.version;
    packages[isTaken ? `${wantedBy}/${key}` : key] = entry;
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

/** Keys of entries that pin the address they came from: such a lock file works only where that host answers. */
export function pinnedAddresses(lock: LockFile): readonly string[] {
  return Object.entries(lock.packages)
    .filter(([, entry]) => entry.link !== true && entry.resolved?.includes('://') === true)
    .map(([key]) => key);
}

/** Of the named packages, those that the lock file installs more than once, with the keys of all copies. */
export function secondCopies(lock: LockFile, names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const copies = names.map((name) => [name, Object.keys(lock.packages).filter((key) => isPackage(key, name))] as const);
  return new Map(copies.filter(([, keys]) => keys.length > 1));
}

function isPackage(key: string, name: string): boolean {
  return key === FOLDER + name || key.endsWith(`/${FOLDER}${name}`);
}

/** The entry that a package below `from` gets for `name`: the nearest folder upwards, as Node resolves. */
function findEntry(lock: LockFile, from: string, name: string): LockEntry | undefined {
  let folder = from;
  for (;;) {
    const entry = lock.packages[folder === '' ? FOLDER + name : `${folder}/${FOLDER}${name}`];
    if (entry !== undefined || folder === '') return entry;
    const end = folder.lastIndexOf(FOLDER);
    folder = end <= 0 ? '' : folder.slice(0, end - 1);
  }
}

/** An entry as npm writes it for a package of another platform, read off its name (`…-linux-arm64-musl`). */
function platformEntry(name: string, version: string, isDev: boolean): LockEntry {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = OS_NAMES.find((candidate) => words.includes(candidate));
  const cpu = CPU_NAMES.find((candidate) => words.includes(candidate));
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} does not say its platform: add its entry by hand`);
  const libc = libcOf(words);
  return {
    version,
    cpu: [cpu],
    ...(isDev ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc: [libc] }),
    optional: true,
    os: [os],
  };
}

function libcOf(words: readonly string[]): string | undefined {
  if (!words.includes('linux')) return undefined;
  if (words.some((word) => word.startsWith('musl'))) return 'musl';
  return words.some((word) => word.startsWith('gnu')) ? 'glibc' : undefined;
}
