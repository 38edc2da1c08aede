/** Why an embedded PostgreSQL could not be started. Callers branch on it. */
export type EmbeddedPostgresErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'WRONG_VERSION'
  | 'NOT_PERMITTED'
  | 'READ_ONLY'
  | 'DISK_FULL'
  | 'START_FAILED'
  | 'START_TIMEOUT'
  | 'ABORTED';

/** A start of the embedded PostgreSQL that failed; the message says what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The data folder belongs to a running process. */
export class DataLockedError extends Error {
  override readonly name = 'DataLockedError';
  readonly code = 'DATA_LOCKED';
  readonly dir: string;
  /** Process id of the owner. */
  readonly ownerPid: number;

  constructor(dir: string, ownerPid: number) {
    super(`${dir} is in use by process ${ownerPid}. Stop that process, or start with another data folder.`);
    this.dir = dir;
    this.ownerPid = ownerPid;
  }
}

/** The `code` of a system error (`ENOENT`, `EACCES`, …), or undefined for any other value. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

const CAUSES: readonly (readonly [RegExp, EmbeddedPostgresErrorCode, string])[] = [
  [
    /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i,
    'DISK_FULL',
    'The disk is full: free some space (a new database takes about 70 MB), or choose another folder.',
  ],
  [/EROFS|read-only file system/i, 'READ_ONLY', 'The folder is on a read-only file system: choose another folder.'],
  [
    /EACCES|EPERM|permission denied|operation not permitted|wrong ownership/i,
    'NOT_PERMITTED',
    'The folder may not be written or entered by the user who runs the database: give it that user, or choose another folder.',
  ],
];

/**
 * The error to show for a failed step. Errors that explain themselves pass unchanged.
 * @param doing What was being done, with the path it was done to.
 * @param fault The system error, or the text the program printed.
 */
export function explain(doing: string, fault: unknown): EmbeddedPostgresError | DataLockedError {
  if (fault instanceof EmbeddedPostgresError || fault instanceof DataLockedError) return fault;
  const text = faultText(fault);
  const options = fault instanceof Error ? { cause: fault } : undefined;
  for (const [pattern, code, advice] of CAUSES) {
    if (pattern.test(text)) {
      return new EmbeddedPostgresError(code, `${doing} failed. ${advice}\n${text}`, options);
    }
  }
  return new EmbeddedPostgresError('START_FAILED', `${doing} failed: ${text}`, options);
}

/** Runs one step and turns whatever it throws into an explained error. */
export async function explaining<T>(doing: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw explain(doing, error);
  }
}

function faultText(fault: unknown): string {
  if (typeof fault === 'string') return fault;
  return fault instanceof Error ? fault.message : String(fault);
}
