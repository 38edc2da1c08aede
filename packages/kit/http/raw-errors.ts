import type { Socket } from 'node:net';
import { type AppError, platformErrors } from '../errors/index.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

const REASONS: Readonly<Record<string, () => AppError>> = {
  HPE_HEADER_OVERFLOW: platformErrors.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: platformErrors.requestTimeout,
};

/** Answers bytes that are no HTTP request, which no route will ever see, and closes the connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  // The client has gone, or an answer is on its way already: nothing may follow it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const appError = (REASONS[error.code ?? ''] ?? platformErrors.badRequest)();
  const body = JSON.stringify(problemOf(appError, 'none'));
  const lines = [
    `HTTP/1.1 ${appError.status} ${appError.code}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
