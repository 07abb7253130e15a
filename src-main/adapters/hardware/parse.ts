/** Values as kernels and tools write them. What is not understood is null, and so is what cannot be true. */

/** The kernel's own limit (NR_CPUS of the largest builds): a longer list is damaged. */
const maxCpu = 8191;

/** A whole number without sign, as most files of /proc and /sys hold; null otherwise. */
export function parseCount(text: string | null | undefined): number | null {
  const digits = /^\s*(\d{1,15})\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** "0-7,16-23" as numbers in ascending order; empty text is an empty list. */
export function parseCpuList(text: string | null): readonly number[] | null {
  if (text === null) return null;
  const cpus = new Set<number>();
  for (const part of text.trim().split(',')) {
    if (part === '') continue;
    const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim());
    if (range === null) return null;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last > maxCpu) return null;
    for (let cpu = first; cpu <= last; cpu++) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** Lines "key : value" as a map; the first of a repeated key counts. Keys are trimmed, values too. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const key = line.slice(0, colon).trim();
    if (!fields.has(key)) fields.set(key, line.slice(colon + 1).trim());
  }
  return fields;
}

/** JSON of a tool, from its first brace to its last: some print warnings around it. Null where there is none. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  try {
    return asObject(JSON.parse(text.slice(start, text.lastIndexOf('}') + 1)));
  } catch {
    return null;
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** PowerShell writes a list of one as that one. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  return value === null || value === undefined ? [] : [value];
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** A number that counts something: whole, not negative, written as number or text. */
export function asCount(value: unknown): number | null {
  if (typeof value === 'string') return parseCount(value);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
