/** What the preferences are where nothing, or something wrong, is written. */
import * as v from 'valibot';
import { type Preferences, PreferencesSchema } from '../contract/desktop.ts';

export const defaultPreferences: Preferences = {
  theme: 'system',
  language: null,
  density: 'normal',
  notifications: { needsYou: true, jobFailed: true, jobFinished: false },
  welcomed: false,
  dismissed: [],
};

/** Each field by itself: one that is wrong costs no other. */
export function readPreferences(value: unknown): Preferences {
  const given: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const right = Object.entries(PreferencesSchema.entries).flatMap(([name, schema]) => {
    const parsed = v.safeParse(schema, given[name]);
    return parsed.success ? [[name, parsed.output] as const] : [];
  });
  return { ...defaultPreferences, ...(Object.fromEntries(right) as Partial<Preferences>) };
}
