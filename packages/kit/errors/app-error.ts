/** One kind of failure: what a client sees of it and may rely on. */
export interface ErrorDefinition {
  /** Stable, upper snake case, unique over the platform: `AGENT_SPEC_INVALID`. */
  readonly code: string;
  /** HTTP status, 400–599. */
  readonly status: number;
  /** One sentence for people, the same for every occurrence, without data of the request. */
  readonly title: string;
}

/** What is wrong with one field of the input. */
export interface FieldError {
  /** RFC 6901 pointer into the input: `/operations/0/text`. */
  readonly pointer: string;
  readonly message: string;
}

/** What one occurrence adds to its definition. */
export interface ErrorOptions {
  /** A sentence about this occurrence that the caller may read. */
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  /** How long a client should wait before it tries again; becomes `Retry-After`. */
  readonly retryAfterMs?: number;
  /** Further public members of the problem document, such as the current version on a conflict. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The failure underneath, for the log only. */
  readonly cause?: unknown;
}

/** A failure with a definition. Made only by the constructors of `defineErrors`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly definition: ErrorDefinition;
  readonly detail: string | undefined;
  readonly fields: readonly FieldError[];
  readonly retryAfterMs: number | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(definition: ErrorDefinition, options: ErrorOptions = {}) {
    super(`${definition.code}: ${options.detail ?? definition.title}`, { cause: options.cause });
    this.definition = definition;
    this.detail = options.detail;
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.extensions = options.extensions ?? {};
  }

  get code(): string {
    return this.definition.code;
  }

  get status(): number {
    return this.definition.status;
  }

  /** RFC 9457 `type`: a URN, since a code needs no address that could move. */
  get type(): string {
    return typeOf(this.definition);
  }
}

/** The RFC 9457 `type` of a definition: `urn:candlefish:error:agent-spec-invalid`. */
export const typeOf = (definition: ErrorDefinition): string =>
  `urn:candlefish:error:${definition.code.toLowerCase().replaceAll('_', '-')}`;

/** A constructor of one error, carrying its definition for documentation. */
export interface ErrorConstructorOf {
  (options?: ErrorOptions): AppError;
  readonly definition: ErrorDefinition;
}

/**
 * A table of error constructors: `errors.agentNotFound({ detail })`.
 * @throws RangeError when a status is outside 400–599, so that a slip in a table fails at import.
 */
export function defineErrors<Name extends string>(
  table: Readonly<Record<Name, ErrorDefinition>>,
): Readonly<Record<Name, ErrorConstructorOf>> {
  const entries = Object.entries<ErrorDefinition>(table).map(([name, definition]) => {
    if (definition.status < 400 || definition.status > 599) throw new RangeError(`${definition.code}: bad status`);
    const make = (options?: ErrorOptions): AppError => new AppError(definition, options);
    return [name, Object.assign(make, { definition })] as const;
  });
  return Object.fromEntries(entries) as Readonly<Record<Name, ErrorConstructorOf>>;
}

/** Whether a thrown value is one of ours. */
export const isAppError = (value: unknown): value is AppError => value instanceof AppError;
