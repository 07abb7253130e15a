/** Makes plain, bounded, redacted values of whatever is given to the log. */
import type { Redactor } from './redact.ts';

/** The longest text in one field, in characters. */
const longestText = 8 * 1024;
/** Of what is longer, only this much is searched for secrets. */
const longestSearched = 8 * longestText;
/** A secret at the end of what is searched may be cut in two and go unnoticed: so much of that end is dropped. */
const uncertain = 4 * 1024;
const deepest = 4;
const mostItems = 50;

/** The text without secrets, cut where it is too long. */
export function plainText(text: string, redactor: Redactor): string {
  const clean = redactor.redact(text.slice(0, longestSearched));
  const certain = clean.length - (text.length > longestSearched ? uncertain : 0);
  const kept = Math.max(0, Math.min(certain, longestText));
  return kept === clean.length ? clean : `${clean.slice(0, kept)}… (${text.length} characters)`;
}

/** A value that JSON can hold. Never throws, whatever a getter or a proxy does. */
export function plainValue(value: unknown, redactor: Redactor, depth = 0): unknown {
  try {
    return plain(value, redactor, depth);
  } catch {
    return '(cannot be read)';
  }
}

function plain(value: unknown, redactor: Redactor, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return plainText(value, redactor);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return String(value);
    case 'symbol':
    case 'function':
      return `(${typeof value})`;
    case 'object':
      return value === null ? null : plainObject(value, redactor, depth);
  }
}

function plainObject(value: object, redactor: Redactor, depth: number): unknown {
  if (value instanceof Error) return plainText(value.stack ?? value.message, redactor);
  if (value instanceof Date) return plainText(String(value.getTime()), redactor);
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  if (depth >= deepest) return '(too deep)';
  if (Array.isArray(value))
    return value.slice(0, mostItems).map((item: unknown) => plainValue(item, redactor, depth + 1));
  return plainFields(value as Readonly<Record<string, unknown>>, redactor, depth + 1);
}

/** The fields of an object; what is called a token or a password goes as a whole. */
export function plainFields(
  fields: Readonly<Record<string, unknown>>,
  redactor: Redactor,
  depth = 0,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields).slice(0, mostItems);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const hidden = redactor.isSecretName(name) && value !== null && value !== undefined;
      return [plainText(name, redactor), hidden ? '***' : plainValue(value, redactor, depth)];
    }),
  );
}
