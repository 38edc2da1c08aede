import { readdirSync, readFileSync } from 'node:fs';

/** Length of a clock tick in /proc, fixed by the kernel's interface to programs. */
const TICK_MS = 10;
const KIBIBYTE = 1_024;

/** CPU time that the process and its descendants have used, in ms; null where the system does not tell. */
export function cpuMsOf(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  let total = 0;
  for (const member of [pid, ...descendantsOf(pid)]) {
    const fields = statOf(member);
    if (fields !== null) total += (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }
  return total;
}

/** Resident memory of one process, in bytes. @throws Error on systems without /proc. */
export function residentBytesOf(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m);
  if (line === null) throw new Error(`process ${pid} has no resident memory`);
  return Number(line[1]) * KIBIBYTE;
}

/** Process ids of the children of a process and of theirs. */
export function descendantsOf(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const fields = statOf(Number(entry));
    if (fields !== null) parents.set(Number(entry), Number(fields[1]));
  }
  const found: number[] = [];
  const visit = (parent: number): void => {
    for (const [child, of] of parents) {
      if (of !== parent || found.includes(child)) continue;
      found.push(child);
      visit(child);
    }
  };
  visit(pid);
  return found;
}

/** Whether the process is there and no zombie. */
export function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** The fields of /proc/PID/stat after the name, which may itself hold blanks; null when the process is gone. */
function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // The process ended between two looks.
    return null;
  }
}
