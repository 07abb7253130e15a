import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Deletes a folder, from its leaves on again for some seconds where a process that is just ending still writes there:
 * the retries of `rmSync` only try the folder itself again, and what was written meanwhile is in the way for ever.
 */
export async function remove(folder: string): Promise<void> {
  for (let left = 50; ; left--) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (left === 0) throw error;
      await delay(100);
    }
  }
}
