/** Facts about the machine that policy asks for at each turn, where there is no desktop to tell more. */
import { statfs } from 'node:fs/promises';
import type { Presence } from '../../core/ports.ts';

/** The boot does not change while we run, so its id is given; the disk is that of the folder `home`. */
export function machinePresence(home: string, bootId: string): Presence {
  return {
    bootId: () => bootId,
    async diskFreeMiB() {
      try {
        const { bavail, bsize } = await statfs(home);
        return Math.floor((bavail * bsize) / 1048576);
      } catch {
        return null;
      }
    },
  };
}
