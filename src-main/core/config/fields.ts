/** Reads the fields of an object one by one: a wrong one costs only itself, an unknown one is kept. */
import * as v from 'valibot';
import type { Problem } from '../../contract/problem.ts';
import { expected } from './expected.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** What was noticed while reading. */
export interface Findings {
  readonly problems: Problem[];
  /** Paths of fields that this version does not know. */
  readonly unknown: string[];
  /** Paths of fields whose value was wrong and was replaced: writing would lose what stood there. */
  readonly replaced: string[];
  /** What is wrong, for those who would rather refuse it all than go on with something else. */
  readonly wrong: Wrong[];
}

/** A field and a sentence about it, which says nothing of what is done instead. */
export interface Wrong {
  readonly subject: string;
  readonly message: string;
}

export const nothingFound = (): Findings => ({ problems: [], unknown: [], replaced: [], wrong: [] });

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const whereHint =
  'Correct it in config.json (`homerunner config path` tells where that is), which was left as it is.';

export function fieldProblem(message: string, subject: string): Problem {
  return { code: 'config-field', message, hint: whereHint, subject };
}

/**
 * Notes that what stands at `path` is wrong and that `used` takes its place. The wrong value is not repeated: it may
 * be a secret on the wrong line.
 */
export function replaced(findings: Findings, path: string, expectation: string, used: string): void {
  findings.replaced.push(path);
  findings.wrong.push({
    subject: path,
    message: `The field ${path} is not valid (expected: ${expectation}).`,
  });
  findings.problems.push(
    fieldProblem(
      `The field ${path} in config.json is not valid (expected: ${expectation}); ${used} is used.`,
      path,
    ),
  );
}

/**
 * The fields of `schema` in `raw`, each checked by its own schema, `defaults` where absent or wrong, and after them
 * the unknown fields as they are.
 */
export function readFields<T extends v.ObjectEntries>(
  schema: v.ObjectSchema<T, undefined>,
  defaults: v.InferOutput<v.ObjectSchema<T, undefined>>,
  raw: Fields,
  path: string,
  findings: Findings,
): v.InferOutput<v.ObjectSchema<T, undefined>> {
  // Every value in it is the output of its field's schema or that field's default.
  return readEntries(schema.entries, defaults, raw, path, findings) as v.InferOutput<
    v.ObjectSchema<T, undefined>
  >;
}

type Entries = Readonly<Record<string, v.ObjectEntries[string]>>;

function readEntries(
  entries: Entries,
  defaults: Fields,
  raw: Fields,
  path: string,
  findings: Findings,
): Fields {
  const known = Object.entries(entries).flatMap(([key, schema]) => {
    const value = readField(schema, defaults[key], own(raw, key), `${path}${key}`, findings);
    return value === undefined ? [] : [[key, value] as const];
  });
  const others = Object.entries(raw).filter(([key]) => !Object.hasOwn(entries, key));
  findings.unknown.push(...others.map(([key]) => `${path}${key}`));
  // fromEntries defines own properties, whatever a field is called.
  return Object.fromEntries([...known, ...others]);
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function readField(
  schema: v.ObjectEntries[string],
  fallback: unknown,
  value: unknown,
  path: string,
  findings: Findings,
): unknown {
  if (value === undefined) return fallback;
  const nested = isObjectSchema(schema);
  if (nested && isRecord(value))
    return readEntries(schema.entries, isRecord(fallback) ? fallback : {}, value, `${path}.`, findings);
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  replaced(findings, path, expected(schema), usedText(fallback, nested));
  return fallback;
}

function isObjectSchema(schema: {
  readonly type: string;
}): schema is v.ObjectSchema<v.ObjectEntries, undefined> {
  return schema.type === 'object';
}

function usedText(fallback: unknown, nested: boolean): string {
  if (fallback === undefined) return 'the number of the scaling preset';
  return nested ? 'every default in it' : `the default ${JSON.stringify(fallback)}`;
}
