import {
  ANONYMOUS,
  type Ctx,
  createCtx,
  type Executor,
  type RequestScope,
  type ServiceRuntime,
  systemClock,
  systemIds,
} from '@candlefish/kit/context';
import type { Logger } from '../telemetry/logger.ts';

/** A log line as a test sees it. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: object;
}

/** A logger that keeps its lines. */
export function keepingLogger(lines: LogLine[] = []): Logger {
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, message, fields });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => keepingLogger(lines),
  };
}

const NO_DATABASE: Executor = {
  query: () => Promise.reject(new Error('this test has no database')),
  transaction: () => Promise.reject(new Error('this test has no database')),
  groupTransaction: () => Promise.reject(new Error('this test has no database')),
};

/** A request of nobody, without a database behind it. */
export function scopeOf(overrides: Partial<RequestScope> = {}): RequestScope {
  return {
    executor: NO_DATABASE,
    actor: ANONYMOUS,
    log: keepingLogger(),
    signal: new AbortController().signal,
    requestId: 'request-1',
    clientAddress: null,
    credential: null,
    http: null,
    ...overrides,
  };
}

const unused = (): Promise<never> => Promise.reject(new Error('this test emits, enqueues and calls nothing'));

const RUNTIME: ServiceRuntime = {
  name: 'test',
  service: null,
  clock: systemClock,
  ids: systemIds(systemClock),
  policy: new Map(),
  writeEvents: unused,
  writeJob: unused,
  dispatch: unused,
};

/** The context of a request, as a host would make it. */
export const ctxOf = (scope: RequestScope): Ctx => createCtx(RUNTIME, scope);
