/** How a light is made. */
import type { Light } from '../../../../contract/commands.ts';
import { problemOf } from '../../../../contract/problem.ts';

export function good(name: string, message: string): Light {
  return { name, ok: true, message, hint: null, link: null, blocks: false };
}

/** Something to know that keeps no runner from being registered. */
export function warning(name: string, message: string, hint: string, link: string | null = null): Light {
  return { name, ok: false, message, hint, link, blocks: false };
}

export function refusal(name: string, message: string, hint: string, link: string | null = null): Light {
  return { name, ok: false, message, hint, link, blocks: true };
}

/** Fail closed: where GitHub could not be asked `whether`, the light blocks and says why. */
export async function asked(name: string, whether: string, ask: () => Promise<Light>): Promise<Light> {
  try {
    return await ask();
  } catch (error) {
    return unasked(name, whether, error);
  }
}

/** The light of a question that could not be asked. */
export function unasked(name: string, whether: string, error: unknown): Light {
  const { message, hint, link } = problemOf(error);
  return refusal(name, `It is not known ${whether}. ${message}`, hint, link ?? null);
}

/** "a, b, c and 4 more". */
export function namesOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
