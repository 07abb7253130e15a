/** The language in force. */
import { type Language, languages } from '../contract/desktop.ts';

/** The first of `preferred` ("de-AT", "en_GB") that there are texts for; English where there is none. */
export function languageOf(chosen: Language | null, preferred: readonly string[]): Language {
  if (chosen !== null) return chosen;
  const wanted = preferred.map((tag) => tag.toLowerCase().split(/[-_]/)[0]);
  return (
    languages.find((language) => language === wanted.find((tag) => languages.some((l) => l === tag))) ?? 'en'
  );
}
