/** Numbers, lengths and moments for people. Lengths in milliseconds, memory in MiB, moments in wall-clock milliseconds. */
import type { Speech } from '../texts/speech.ts';

/** Two or three figures: 3.7, 12.4, 118. */
export function figures(value: number, speech: Speech): string {
  const size = Math.abs(value);
  return speech.number(value, size < 100 ? 1 : 0);
}

/** Memory in GiB, below one in MiB. */
export function memory(mib: number, speech: Speech): string {
  return mib < 1024
    ? speech.t('unit.mib', { n: speech.number(mib, 0) })
    : speech.t('unit.gib', { n: figures(mib / 1024, speech) });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${name}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** 14:31, as the person's locale writes it. */
export function clock(at: number, speech: Speech): string {
  return dateFormat(speech.locale, 'clock', { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** The whole date and time, for titles. */
export function fullDate(at: number, speech: Speech): string {
  return dateFormat(speech.locale, 'full', { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

/** 3 Nov, with the year where it is another one. */
export function day(at: number, now: number, speech: Speech): string {
  const otherYear = new Date(at).getFullYear() !== new Date(now).getFullYear();
  const year = otherYear ? ({ year: 'numeric' } as const) : {};
  const name = otherYear ? 'year' : 'day';
  return dateFormat(speech.locale, name, { day: 'numeric', month: 'short', ...year }).format(at);
}

/** The local days between two moments: 0 is the same day, 1 the day before. */
export function daysBetween(at: number, now: number): number {
  const midnight = (moment: number): number => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** "just now", "2 min ago" below an hour, then 14:14 today, yesterday, 3 Nov. */
export function age(at: number, now: number, speech: Speech): string {
  const ms = now - at;
  if (ms < 10_000) return speech.t('age.now');
  if (ms < 60_000) return speech.t('age.seconds', { n: Math.floor(ms / 1000) });
  if (ms < 3_600_000) return speech.t('age.minutes', { n: Math.floor(ms / 60_000) });
  const days = daysBetween(at, now);
  if (days === 0) return clock(at, speech);
  return days === 1 ? speech.t('age.yesterday') : day(at, now, speech);
}

/** A moment in a list: "today 14:14", yesterday, 3 Nov. */
export function listed(at: number, now: number, speech: Speech): string {
  const days = daysBetween(at, now);
  if (days <= 0) return speech.t('age.today', { time: clock(at, speech) });
  return days === 1 ? speech.t('age.yesterday') : day(at, now, speech);
}

/** A deadline: a clock time today, with its day otherwise. */
export function deadline(at: number, now: number, speech: Speech): string {
  if (daysBetween(at, now) === 0) return clock(at, speech);
  const format = { weekday: 'short', hour: 'numeric', minute: '2-digit' } as const;
  return at - now < 6 * 86_400_000
    ? dateFormat(speech.locale, 'weekday', format).format(at)
    : day(at, now, speech);
}

/** 0:41, 17:04, 1:02:30. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** How long something took that has ended: as a stopwatch shows it, below ten seconds with a tenth. */
export function took(ms: number, speech: Speech): string {
  if (ms < 100) return speech.t('unit.ms', { n: Math.max(0, Math.round(ms)) });
  return ms < 10_000
    ? speech.t('unit.seconds', { n: speech.number(Math.max(0, ms) / 1000, 1) })
    : stopwatch(ms);
}

/** A length in a sentence: 41 s, 10 min, 1 h 04, 3 days. */
export function length(ms: number, speech: Speech): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return speech.t('unit.seconds', { n: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return speech.t('unit.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return speech.t('unit.days', { n: Math.round(hours / 24) });
  const rest = minutes % 60;
  return rest === 0
    ? speech.t('unit.hours', { n: hours })
    : speech.t('unit.hoursMinutes', { h: hours, m: String(rest).padStart(2, '0') });
}

/** "a, b and c" as the language says it. */
export function list(items: readonly string[], speech: Speech): string {
  return new Intl.ListFormat(speech.locale, { type: 'conjunction' }).format(items);
}

/** Memory in use of a limit, in the unit of the limit: "0.1 of 8 GiB". */
export function memoryOf(mib: number, limit: number | null, speech: Speech): string {
  if (limit === null) return memory(mib, speech);
  const value = limit < 1024 ? speech.number(mib, 0) : figures(mib / 1024, speech);
  return speech.t('unit.of', { value, total: memory(limit, speech) });
}

/** The next 8:00 by the local clock that is more than four hours away: what "until tomorrow" means in the tray too. */
export function nextMorning(now: number): number {
  const at = new Date(now);
  at.setHours(8, 0, 0, 0);
  while (at.getTime() - now <= 4 * 3_600_000) at.setDate(at.getDate() + 1);
  return at.getTime();
}
