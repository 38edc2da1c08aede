/** A process that owns an embedded server, for tests that kill it: prints one line of JSON, ends when its input ends. */
import { DataLockedError, startEmbeddedPostgres } from '../index.ts';

const dataDir = process.argv.at(2) ?? '';
const print = (answer: object): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
};

try {
  const server = await startEmbeddedPostgres({ dataDir, log: (line) => process.stderr.write(`${line}\n`) });
  print({ port: server.port, password: server.password, uid: process.getuid?.() });
  process.stdin.resume().once('end', () => void server.stop());
} catch (error) {
  print({
    error: error instanceof Error ? error.message : String(error),
    code: error instanceof Error && 'code' in error ? error.code : undefined,
    ...(error instanceof DataLockedError ? { ownerPid: error.ownerPid } : {}),
  });
}
