/** Texts by key in one language; a key that is missing, or a blank that is not filled, is a compile error. */
import type { Language } from '../../src-main/contract/desktop.ts';
import { de } from './de.ts';
import { en, type Message, type Plural } from './en.ts';

export type Key = keyof typeof en;

type Blanks<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Blanks<Rest>
  : never;
type BlanksOf<M> = M extends string ? Blanks<M> : M extends Plural ? 'n' | Blanks<M['other']> : never;
export type Filled<K extends Key> = [BlanksOf<(typeof en)[K]>] extends [never]
  ? []
  : [blanks: Readonly<Record<BlanksOf<(typeof en)[K]>, string | number>>];

export interface Speech {
  readonly language: Language;
  /** The locale for Intl. */
  readonly locale: string;
  readonly t: <K extends Key>(key: K, ...blanks: Filled<K>) => string;
  readonly number: (value: number, most?: number) => string;
}

/** The speech of a language; `region` is the person's own locale where it is of that language ("en-GB"). */
export function speechOf(language: Language, region: string = language): Speech {
  const locale = region.startsWith(language) ? region : language;
  const texts: Readonly<Record<Key, Message>> = language === 'de' ? de : en;
  const rules = new Intl.PluralRules(language);
  const formats = new Map<number, Intl.NumberFormat>();
  const number = (value: number, most = 2): string => {
    let format = formats.get(most);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { maximumFractionDigits: most });
      formats.set(most, format);
    }
    return format.format(value);
  };
  return {
    language,
    locale,
    number,
    t(key, ...[blanks]) {
      const values: Readonly<Record<string, string | number>> = blanks ?? {};
      const message = texts[key];
      return fill(
        typeof message === 'string' ? message : formOf(message, values['n'], rules),
        values,
        number,
      );
    },
  };
}

function formOf(message: Plural, n: string | number | undefined, rules: Intl.PluralRules): string {
  return rules.select(Number(n)) === 'one' ? message.one : message.other;
}

function fill(
  text: string,
  values: Readonly<Record<string, string | number>>,
  number: (value: number) => string,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? number(value) : value;
  });
}
