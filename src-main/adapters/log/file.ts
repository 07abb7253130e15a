/** The log: one event a line, as JSON in a file of bounded size, and as text for a person where asked. */
import type { Log } from '../../core/ports.ts';
import { plainFields, plainText } from './fields.ts';
import type { Redactor } from './redact.ts';
import { rotatingFile } from './rotating-file.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

export interface LogOptions {
  readonly file: string;
  /** Events below it are not written. */
  readonly level: Level;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  readonly redactor: Redactor;
  /** Takes each line as text for a person; null: nobody reads along. */
  readonly human: ((line: string) => void) | null;
  /** Bytes after which the file becomes the previous one; default 5 MiB. */
  readonly maxBytes?: number;
}

export interface FileLog extends Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Opens the log; no function of it ever throws. What cannot be written (a full disk) is counted, and the count is
 * written once it can be again. Writes are synchronous, so that a crash loses no line that was logged before it.
 */
export function openLog(options: LogOptions): FileLog {
  const { now, redactor } = options;
  const file = rotatingFile(options.file, options.maxBytes ?? 5 * 1024 * 1024);
  const least = levels.indexOf(options.level);
  let lost = 0;

  const write = (level: Level, at: number, message: string, fields: Fields) => {
    const line = lineOf({ at: new Date(at).toISOString(), level, message, ...withoutClash(fields) });
    if (lost > 0) {
      const text = `${lost} lines of this log could not be written.`;
      if (!file.append(lineOf({ at: new Date(at).toISOString(), level: 'warn', message: text })))
        return void (lost += 1);
      lost = 0;
    }
    if (!file.append(line)) lost += 1;
  };

  const log =
    (level: Level) =>
    (message: string, given: Fields = {}) => {
      if (levels.indexOf(level) < least) return;
      const at = now();
      const text = plainText(message, redactor);
      const fields = plainFields(given, redactor);
      write(level, at, text, fields);
      tell(options.human, humanLine(at, level, text, fields));
    };

  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    close: () => file.close(),
  };
}

function withoutClash(fields: Fields): Fields {
  const taken = ['at', 'level', 'message'];
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [taken.includes(name) ? `${name}_` : name, value]),
  );
}

const lineOf = (event: Fields): string => `${JSON.stringify(event)}\n`;

/** "12:34:56 warn Something happened. pool=local". Control characters would let a message play with the terminal. */
function humanLine(at: number, level: Level, message: string, fields: Fields): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  const more = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return printable(`${time}${level === 'info' ? '' : ` ${level}`} ${message}${more.join('')}`);
}

function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '?').replaceAll('\n', '\n  ');
}

function tell(human: LogOptions['human'], line: string): void {
  try {
    human?.(line);
  } catch {
    // The terminal is gone: the file has it.
  }
}
