/**
 * The YAML of a workflow, which others wrote. It is read with maps instead of objects, as the library writes out each
 * key that is itself a map: a kilobyte of nested ones would take minutes. Equal keys are not looked for: that is
 * quadratic, and GitHub refuses them itself.
 */
import { readWorkflow } from '../../../../core/workflows/read.ts';
import type { WorkflowRead } from '../../../../core/workflows/types.ts';
import { textOf } from '../../../../core/workflows/values.ts';

/** A file can make much of little by names for its parts: names that are used, and values that come of it. */
const mostAliases = 100;
const mostValues = 100_000;

/** YAML that cannot be read is a reason; nothing is thrown. */
export async function parseWorkflow(text: string): Promise<WorkflowRead> {
  const { parse, YAMLParseError } = await import('yaml');
  try {
    const value: unknown = parse(text, {
      maxAliasCount: mostAliases,
      mapAsMap: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    return readWorkflow(plain(value, { left: mostValues, open: new Set() }));
  } catch (error) {
    const line =
      error instanceof YAMLParseError ? ` (line ${text.slice(0, error.pos[0]).split('\n').length})` : '';
    const [first = ''] = (error instanceof Error ? error.message : '').split('\n');
    return { ok: false, why: `its YAML cannot be read: ${first}${line}` };
  }
}

interface Progress {
  left: number;
  /** What is being made plain just now: a part that holds itself ends there. */
  readonly open: Set<unknown>;
}

/** Objects by text keys in the place of maps, and nothing in the place of a part that holds itself. */
function plain(value: unknown, progress: Progress): unknown {
  if (!Array.isArray(value) && !(value instanceof Map)) return value;
  if (progress.open.has(value)) return null;
  progress.left -= value instanceof Map ? value.size : value.length;
  if (progress.left < 0) throw new Error('it has too many parts');
  progress.open.add(value);
  const made = Array.isArray(value)
    ? value.map((each) => plain(each, progress))
    : Object.fromEntries(
        [...value].flatMap(([key, each]) => {
          const name = textOf(key);
          return name === null ? [] : [[name, plain(each, progress)]];
        }),
      );
  progress.open.delete(value);
  return made;
}
