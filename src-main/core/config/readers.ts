/** How the text of an environment variable becomes a value. */
import * as v from 'valibot';
import { type Arch, architectures } from '../../contract/job.ts';
import { PoolSchema } from '../../contract/pool.ts';
import { expected, type Shape } from './expected.ts';

export interface Reader<T> {
  /** What it accepts, and what is used for garbage, in words. */
  readonly accepts: string;
  readonly otherwise: string;
  /** Null is garbage. */
  readonly read: (text: string) => T | null;
}

/** One of these words, in upper or lower case. */
export function oneOf<T extends string>(values: readonly T[], otherwise: string): Reader<T> {
  return {
    accepts: `one of ${values.join(', ')}`,
    otherwise,
    read: (text) => values.find((value) => value === text.toLowerCase()) ?? null,
  };
}

/** What a schema accepts: of a number in decimal digits, else of the text itself. */
export function by<T>(schema: v.GenericSchema<unknown, T> & Shape, otherwise: string): Reader<T> {
  const parse = (value: unknown) => {
    const result = v.safeParse(schema, value);
    return result.success ? result.output : null;
  };
  const parseNumber = (text: string) => (/^\d+(?:\.\d+)?$/.test(text) ? parse(Number(text)) : null);
  return { accepts: expected(schema), otherwise, read: schema.type === 'number' ? parseNumber : parse };
}

const truthWords = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/** True or false, in the words that the predecessor took. */
export function truth(otherwise: string): Reader<boolean> {
  return { accepts: 'true or false', otherwise, read: (text) => truthWords.get(text.toLowerCase()) ?? null };
}

const archWords = new Map<string, Arch>([
  ...architectures.map((arch) => [arch, arch] as const),
  ['amd64', 'x64'],
  ['x86_64', 'x64'],
  ['aarch64', 'arm64'],
  ['armv7l', 'arm'],
  ['ppc64le', 'ppc64'],
  ['i386', 'ia32'],
  ['i686', 'ia32'],
]);

/** The architecture that a person may write in several ways; null where it is none. */
export function archOf(text: string): Arch | null {
  return archWords.get(text.trim().toLowerCase()) ?? null;
}

function listOf(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

export const architectureList: Reader<readonly Arch[]> = {
  accepts: `a list of architectures with commas between them, of ${architectures.join(', ')}`,
  otherwise: "this machine's own",
  read: (text) => {
    const list = listOf(text).map(archOf);
    const known = list.filter((arch) => arch !== null);
    return known.length > 0 && known.length === list.length ? [...new Set(known)] : null;
  },
};

export const labelList: Reader<readonly string[]> = {
  accepts: 'a list of labels with commas between them, each without white space',
  otherwise: 'none',
  read: (text) => {
    const result = v.safeParse(PoolSchema.entries.labels, listOf(text));
    return result.success ? result.output : null;
  },
};
