import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { inRoot, Refusal } from './layout.js';

/** The first major version that runs the sources as they are. */
const NODE_MAJOR_MIN = 24;
/**
 * Ctrl-C reaches this process from the terminal and once more from npm, moments apart; the child shall hear it once. A second
 * Ctrl-C of an impatient hand comes later than this and is passed on.
 */
const ECHO_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_POLL_MS = 250;

/**
 * Runs a script with the pinned Node and answers its exit code, 128 + n when signal n ended it.
 * @param {string} script Absolute path.
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv}} options `env` is added to this process's.
 * @returns {Promise<number>}
 */
export async function runPinned(script, args, { env = {} } = {}) {
  const pinned = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) {
    const code = await run(pinned, [script, ...args], env);
    if (code !== undefined) return code;
  }
  // No package for this platform, or one built for another C library.
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
    throw new Refusal(
      `There is no packaged Node.js for ${process.platform}-${process.arch}, and this one is ${process.version}: install Node.js ${NODE_MAJOR_MIN} or newer and start again with it.`,
    );
  }
  const code = await run(process.execPath, [script, ...args], env);
  if (code === undefined) throw new Refusal(`${process.execPath} cannot be run`);
  return code;
}

/** Answers undefined when the program cannot be started at all. */
function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...childEnv(command), ...env },
      // Its own group: what the terminal sends comes here alone, and is passed on once.
      detached: process.platform !== 'win32',
    });
    const stopForwarding = forwardSignals(child);
    child.once('error', (error) => {
      stopForwarding();
      if (error.code === 'ENOENT' || error.code === 'ENOEXEC') resolve(undefined);
      else reject(error);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Compiled code is kept between runs, and programs the child starts find the same Node. */
function childEnv(command) {
  const paths = [path.dirname(command), inRoot('node_modules', '.bin'), process.env.PATH ?? ''];
  return {
    NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'candlefish-compile'),
    PATH: paths.join(path.delimiter),
  };
}

function forwardSignals(child) {
  const lastAt = new Map();
  const forward = (signal) => {
    const now = Date.now();
    if (now - (lastAt.get(signal) ?? 0) < ECHO_MS) return;
    lastAt.set(signal, now);
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const parent = process.ppid;
  // npm hands a SIGTERM to the shell it runs scripts in, which ends of it and tells nobody: that it is gone is the signal.
  // After Ctrl-C the shell may be gone a moment before the signal is heard here: what is seen at one look counts at the next.
  let isAlone = false;
  const stopByNpm = () => {
    if (isAlone && lastAt.size === 0) forward('SIGTERM');
    isAlone = process.ppid !== parent;
  };
  const watch = process.env.npm_lifecycle_event === undefined ? undefined : setInterval(stopByNpm, PARENT_POLL_MS);
  return () => {
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, forward);
  };
}
