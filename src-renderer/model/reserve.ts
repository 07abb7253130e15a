/** What a reserve in percent keeps of this machine; the engine reckons alike and has the last word in its snapshot. */

/** Threads that are kept: rounded up, at least one, on the smallest machines a half. */
export function keptThreads(threads: number, percent: number): number {
  return Math.max(Math.ceil((threads * percent) / 100), Math.min(1, threads / 2));
}

/** MiB that are kept: at least 2 GiB, on the smallest machines a half. */
export function keptMemoryMiB(memoryMiB: number, percent: number): number {
  return Math.max(Math.ceil((memoryMiB * percent) / 100), Math.min(2048, Math.floor(memoryMiB / 2)));
}
