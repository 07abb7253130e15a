/** What the application was started with. */
import { parseArgs } from 'node:util';

export interface DesktopArguments {
  /** `--home DIR`; null: the environment's or the platform's. */
  readonly home: string | null;
  /** `--background`, as at login: no window comes by itself. */
  readonly background: boolean;
  /** `--after-crash MS`: started again by itself, at that wall-clock time. */
  readonly afterCrash: number | null;
}

/** Reads the words after the program's own; Chromium's switches among them are not ours and are left alone. */
export function readArguments(words: readonly string[]): DesktopArguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      home: { type: 'string' },
      background: { type: 'boolean' },
      'after-crash': { type: 'string' },
    },
    strict: false,
    allowPositionals: true,
  });
  const text = (value: string | boolean | undefined): string | null =>
    typeof value === 'string' && value !== '' ? value : null;
  const at = Number(text(values['after-crash']) ?? Number.NaN);
  return {
    home: text(values.home),
    background: values.background === true,
    afterCrash: Number.isFinite(at) ? at : null,
  };
}
