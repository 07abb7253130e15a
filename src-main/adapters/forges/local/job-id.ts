/** Ids of jobs: short, lower-case, sorted by time, and safe as names of folders and refs. */

/** Crockford's: without i, l, o and u, which are misread. */
const digits = '0123456789abcdefghjkmnpqrstvwxyz';
const epoch = Date.UTC(2024, 0, 1);
/** 32^8 milliseconds are 34 years. */
const timeDigits = 8;
const randomDigits = 2;

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = (digits[rest % 32] ?? '0') + text;
  return text;
}

/** Makes ids that are greater than all it made before, whatever the clock does. `random` is in 0 to 1. */
export function jobIds(
  now: () => number,
  random: () => number,
  taken: (id: string) => boolean,
): () => string {
  let last = 0;
  return () => {
    for (;;) {
      last = Math.max(last + 1, Math.max(0, Math.floor(now()) - epoch));
      const id = base32(last, timeDigits) + base32(Math.floor(random() * 32 ** randomDigits), randomDigits);
      if (!taken(id)) return id;
    }
  };
}

/**
 * The id of the next attempt: it follows from the job's, so that settling twice makes one retry. `first` is what all
 * attempts have in common: their copied folder lies there.
 */
export function attemptId(first: string, attempt: number): string {
  return attempt === 1 ? first : `${first}-${attempt}`;
}

export function firstAttempt(id: string): string {
  return id.replace(/-\d+$/, '');
}

const nameLength = 60;

/** The command as a name to recognise it by: on one line, shortened. */
export function jobName(command: readonly string[]): string {
  const words = command.map((word) => (/^[^\s'"]+$/.test(word) ? word : `'${word}'`));
  const line = words
    .join(' ')
    // Control characters would reach a terminal.
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= nameLength ? line : `${characters.slice(0, nameLength - 1).join('')}…`;
}
