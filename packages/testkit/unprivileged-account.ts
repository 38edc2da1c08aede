import { execFileSync } from 'node:child_process';

/** The account that servers run as when this process is root, which they refuse to be; undefined when it is not. */
export function unprivilegedAccount(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8', timeout: 5_000 }));
  return { uid: id('-u'), gid: id('-g') };
}
