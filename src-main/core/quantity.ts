/** Amounts of memory as people write them. */

const mebibytes: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/**
 * "512m", "16g", "1.5GiB", "2 GB" in MiB, rounded up; null where it is none of these or nothing at all. Units are
 * powers of 1024 in every spelling, as container engines read them; a bare number has no unit and is not taken.
 */
export function parseMemory(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/.exec(text.trim().toLowerCase());
  const unit = mebibytes[match?.[2] ?? ''];
  if (match === null || unit === undefined) return null;
  const amount = Math.ceil(Number(match[1]) * unit);
  return amount > 0 && Number.isSafeInteger(amount) ? amount : null;
}

/** What `parseMemory` takes, for messages. */
export const memoryForms = 'an amount of memory such as 512m, 16g or 1.5GiB';
