/** Tells when an agent has written something: what it says is news, and nobody waits for the next look at everything. */
import { watch } from 'node:fs';

/** Calls `changed` whenever `file` changes, until the answer is called; null: it cannot be watched (yet). */
export function watchLog(file: string, changed: () => void): (() => void) | null {
  try {
    const watcher = watch(file, { persistent: false }, changed);
    watcher.on('error', () => {
      watcher.close();
    });
    return () => {
      watcher.close();
    };
  } catch {
    return null;
  }
}
