/** Sends a signal; a negative pid is a group. False when there is none of it any more, or it is not ours to signal. */
export function signalPid(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
