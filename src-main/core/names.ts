/** Names of runners: `<prefix>-<install>-<pool, at most 16>-<6 random>`, at most 64 characters. */

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Six characters from numbers in [0, 1). */
export function suffix(random: () => number): string {
  return Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)] ?? 'a').join('');
}

/** The name of a runner; what is too long is cut from the prefix, never from what makes it ours and unique. */
export function runnerName(prefix: string, install: string, pool: string, end: string): string {
  const tail = `-${install}-${pool.slice(0, 16)}-${end}`;
  return `${prefix.slice(0, 64 - tail.length)}${tail}`;
}
