import { rmSync } from 'node:fs';

/** Deletes a folder, again and again for a second where a process that is just ending still writes there. */
export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}
