/** One setting as a person names it on a command line: `reserve.cpuPercent 30`. */
import * as v from 'valibot';
import { problem, type ProblemError } from '../../contract/problem.ts';
import { type Settings, type SettingsEdit, SettingsSchema } from '../../contract/settings.ts';
import { expected, type Shape } from './expected.ts';

type Schema = v.GenericSchema & Shape;

/** The settings by their names, "reserve.cpuPercent" among them, in the order of the schema. */
const fields: ReadonlyMap<string, Schema> = new Map(
  Object.entries(SettingsSchema.entries).flatMap(([group, schema]): [string, Schema][] =>
    schema.type === 'object'
      ? Object.entries(schema.entries).map(([name, inner]) => [`${group}.${name}`, inner as Schema])
      : [[group, schema as Schema]],
  ),
);

/** Their names. */
export const settingNames: readonly string[] = [...fields.keys()];

/** The change that sets `field` to what `text` says, beside what is in its group; throws `usage`. */
export function changeOf(now: Settings, field: string, text: string): SettingsEdit {
  const schema = fields.get(field);
  if (schema === undefined) throw unknown(field);
  const found = meanings(text).find((value) => v.is(schema, value));
  if (found === undefined)
    throw problem(
      'usage',
      `That is no value for ${field} (expected: ${expected(schema)}).`,
      'See `homerunner config set --help`.',
      { subject: field },
    );
  const [group = '', name] = field.split('.');
  const before = now[group as keyof Settings];
  const value = name !== undefined && typeof before === 'object' ? { ...before, [name]: found } : found;
  return { [group]: value };
}

function unknown(field: string): ProblemError {
  const within = settingNames.filter((name) => name.startsWith(`${field}.`));
  return within.length === 0
    ? problem('usage', `There is no setting ${field}.`, `There are ${settingNames.join(', ')}.`)
    : problem('usage', `${field} has several fields.`, `Name one of ${within.join(', ')}.`);
}

/** What a text can mean; the field's schema chooses. */
function meanings(text: string): readonly unknown[] {
  const words: Readonly<Record<string, unknown>> = { null: null, true: true, false: false };
  return [
    ...(Object.hasOwn(words, text) ? [words[text]] : []),
    ...(/^\d+(?:\.\d+)?$/.test(text) ? [Number(text)] : []),
    text,
  ];
}
