import { watch } from 'node:fs';

/** Between looks where the system gives no notice of changes (its watches are used up, or a network disk), in milliseconds. */
const fallbackMs = 250;

export interface FolderWatch {
  /** Calls `fn` after each change, instead of the one before. */
  listen(fn: () => void): void;
  close(): void;
}

/** Tells of changes in a folder that exists. Never throws: without notice from the system it calls at intervals. */
export function watchFolder(folder: string): FolderWatch {
  let listener: () => void = () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const poll = () => {
    timer ??= setInterval(() => listener(), fallbackMs);
    timer.unref();
  };
  let stop: () => void = () => undefined;
  try {
    const watcher = watch(folder, { persistent: false }, () => listener());
    watcher.on('error', poll);
    stop = () => watcher.close();
  } catch {
    poll();
  }
  return {
    listen(fn) {
      listener = fn;
    },
    close() {
      listener = () => undefined;
      clearInterval(timer);
      stop();
    },
  };
}
