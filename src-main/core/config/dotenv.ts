/** The lines of a `.env` file. */

export interface DotEnv {
  readonly values: Readonly<Record<string, string>>;
  /** Sentences about lines that are not understood; they name the line, never what stands in it. */
  readonly warnings: readonly string[];
}

const assignment = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/s;

/**
 * Reads `KEY=value` lines: `export` before them, comments (`#` at the start of a line, or after white space behind an
 * unquoted value), 'single quotes' as they are, "double quotes" with \n, \t, \", \\ and \$. Nothing is expanded, an
 * empty value counts as not set, and of two lines for one key the last one counts.
 */
export function parseDotenv(text: string): DotEnv {
  const values = new Map<string, string>();
  const warnings: string[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = assignment.exec(line);
    const [, key = '', rest = ''] = match ?? [];
    const value = match === null ? null : valueOf(rest);
    if (value === null || value.includes('\0')) {
      const why = match === null ? 'is not of the form KEY=value' : 'has quotes that do not close at its end';
      warnings.push(`Line ${index + 1} of .env ${why}: it is left out.`);
      continue;
    }
    if (values.has(key))
      warnings.push(`Line ${index + 1} of .env sets ${key} once more: the last one counts.`);
    if (value !== '') values.set(key, value);
  }
  return { values: Object.fromEntries(values), warnings };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function valueOf(text: string): string | null {
  const single = /^'([^']*)'\s*(?:#.*)?$/s.exec(text);
  if (single !== null) return single[1] ?? '';
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s.exec(text);
  if (double !== null) return (double[1] ?? '').replaceAll(/\\(.)/g, (_, c: string) => escapes[c] ?? c);
  if (text.startsWith("'") || text.startsWith('"')) return null;
  return text.replace(/(?:^|\s+)#.*$/s, '').trim();
}
