import { accessSync, constants, statfsSync } from 'node:fs';
import { freemem } from 'node:os';

/** Linux' own file system in memory, open to every account. */
const SHARED_MEMORY = '/dev/shm';
/** `statfs` says so of a file system in memory (`man 2 statfs`). */
const TMPFS_MAGIC = 0x01021994;
/** The databases of a whole run take less than half of it. */
const ROOM_BYTES_MIN = 2 * 1024 ** 3;
const DISK = '/tmp';

/**
 * Where the files of test servers lie: in memory where there is room, otherwise on the disk. A database of a test is 330 files:
 * to make one takes 20 ms of CPU time in memory and 110 ms on ext4. Not TMPDIR, which other accounts may not enter.
 */
export function folderInMemory(): string {
  try {
    const { type, bavail, bsize } = statfsSync(SHARED_MEMORY);
    accessSync(SHARED_MEMORY, constants.W_OK);
    const isRoomy = bavail * bsize > ROOM_BYTES_MIN && freemem() > ROOM_BYTES_MIN;
    return type === TMPFS_MAGIC && isRoomy ? SHARED_MEMORY : DISK;
  } catch {
    // Another system, or one that keeps it closed.
    return DISK;
  }
}
