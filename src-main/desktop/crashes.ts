/** How often something may fail before another way is taken. */

const windowMs = 5 * 60_000;

/** Counts failures; true when this was the `limit`th within five minutes, and counts from nothing again. */
export function tooOften(limit: number, now: () => number): () => boolean {
  let times: number[] = [];
  return () => {
    const at = now();
    times = [...times.filter((time) => at - time < windowMs), at];
    if (times.length < limit) return false;
    times = [];
    return true;
  };
}

/** A program that has started itself again this shortly ago would do so for ever. */
const relaunchMs = 10 * 60_000;

/** May it start itself again after a crash? `last` is when it last did. */
export function mayRelaunch(last: number | null, now: number): boolean {
  return last === null || now - last > relaunchMs || now < last;
}
