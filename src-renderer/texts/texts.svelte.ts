/** The language in force: what components say with. */
import type { Language } from '../../src-main/contract/desktop.ts';
import { type Filled, type Key, type Speech, speechOf } from './speech.ts';

let current = $state.raw<Speech>(speechOf('en', navigator.language));

/** Speaks `language` from now on, everywhere. */
export function speak(language: Language): void {
  if (current.language !== language) current = speechOf(language, navigator.language);
}

/** The present speech; read where it is used, so that a change of language is seen. */
export function speech(): Speech {
  return current;
}

/** The text of a key. */
export function t<K extends Key>(key: K, ...blanks: Filled<K>): string {
  return current.t(key, ...blanks);
}
