/** What a recording of variants.test.ts is made of. */

export interface Recording {
  readonly platform?: 'linux' | 'darwin' | 'win32';
  readonly arch?: string;
  readonly commands?: Readonly<Record<string, { stdout: string; code: number | null }>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly dirs?: Readonly<Record<string, readonly string[]>>;
}

export interface Variant {
  readonly what: string;
  readonly recording: Recording;
  readonly expected: unknown;
}

export const says = (stdout: string, code = 0): { stdout: string; code: number } => ({ stdout, code });
export const json = (value: unknown): { stdout: string; code: number } => says(JSON.stringify(value));
export const lines = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
