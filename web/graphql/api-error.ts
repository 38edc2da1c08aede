/** A field of the input and what is wrong with it. */
export interface FieldProblem {
  /** JSON pointer into the input: `/title`. */
  readonly pointer: string;
  readonly message: string;
}

/** A refusal of the API. Branch on `code`; the message can be shown. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Stable code such as NOT_FOUND; NETWORK when no answer came. */
  readonly code: string;
  readonly problems: readonly FieldProblem[];

  constructor(code: string, message: string, problems: readonly FieldProblem[] = [], cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.problems = problems;
  }
}

/** Whether a failure is the API's refusal with this code. */
export const hasCode = (error: unknown, code: string): boolean => error instanceof ApiError && error.code === code;

/** The error of a `problem+json` body, or of whatever came in its place. */
export function errorOfProblem(status: number, body: unknown): ApiError {
  const { code, title, detail, errors } = asRecord(body);
  const message = [detail, title].find((text) => typeof text === 'string');
  return new ApiError(
    typeof code === 'string' ? code : `HTTP_${status}`,
    typeof message === 'string' ? message : `The platform answered ${status}.`,
    problemsOf(errors),
  );
}

/** The error of a GraphQL answer's first error. */
export function errorOfGraphql(errors: readonly unknown[]): ApiError {
  const { message, extensions } = asRecord(errors[0]);
  const { code, fields } = asRecord(extensions);
  return new ApiError(
    typeof code === 'string' ? code : 'INTERNAL',
    typeof message === 'string' ? message : 'The platform could not answer.',
    problemsOf(fields),
  );
}

function problemsOf(errors: unknown): readonly FieldProblem[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((error: unknown) => {
    const { pointer, message } = asRecord(error);
    return typeof pointer === 'string' && typeof message === 'string' ? [{ pointer, message }] : [];
  });
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
