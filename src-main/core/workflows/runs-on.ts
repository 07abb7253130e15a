/** `runs-on`: a label, a list of them, or a group with labels; expressions over a matrix that is written out are worked out. */
import { type Combination, combinationsOf } from './matrix.ts';
import type { RunnerWish, RunsOn } from './types.ts';
import { fieldOf, isFields, textOf } from './values.ts';

/** What a value becomes for one combination; undefined: only GitHub knows. */
type Resolved = { readonly value: unknown } | undefined;

export function runsOnOf(job: unknown): RunsOn {
  const called = textOf(fieldOf(job, 'uses'));
  if (called !== null) return { kind: 'elsewhere', workflow: called };
  const written = fieldOf(job, 'runs-on');
  const unknown: RunsOn = { kind: 'unknown', text: shown(written) };
  const combinations = usesMatrix(written) ? combinationsOf(job) : [new Map<string, unknown>()];
  if (combinations === null) return unknown;
  const wishes = new Map<string, RunnerWish>();
  for (const combination of combinations) {
    const wish = wishOf(written, combination);
    if (wish === null) return unknown;
    wishes.set(JSON.stringify(wish), wish);
  }
  return { kind: 'known', wishes: [...wishes.values()] };
}

function usesMatrix(written: unknown): boolean {
  return shown(written).includes('matrix');
}

function shown(written: unknown): string {
  if (typeof written === 'string') return written;
  return written === undefined ? 'nothing' : JSON.stringify(written);
}

function wishOf(written: unknown, combination: Combination): RunnerWish | null {
  const resolved = resolve(written, combination);
  if (resolved === undefined) return null;
  const { value } = resolved;
  if (!isFields(value)) {
    const labels = labelsOf(value, combination);
    return labels === null || labels.length === 0 ? null : { labels, group: null };
  }
  const group = resolve(fieldOf(value, 'group'), combination);
  const labels = labelsOf(fieldOf(value, 'labels') ?? [], combination);
  if (group === undefined || labels === null) return null;
  const name = textOf(group.value);
  return name === null && labels.length === 0 ? null : { labels, group: name };
}

/** Null: not all of them are known. */
function labelsOf(written: unknown, combination: Combination): readonly string[] | null {
  const whole = resolve(written, combination);
  if (whole === undefined) return null;
  const values: readonly unknown[] = Array.isArray(whole.value) ? whole.value : [whole.value];
  const labels = values.map((value) => textOf(resolve(value, combination)?.value)?.trim() ?? '');
  return labels.includes('') ? null : labels;
}

/** Characters; looking for expressions in a longer text would take long, and nobody writes one for `runs-on`. */
const longestExpression = 1000;

const expression = /\$\{\{([^}]*)\}\}/g;

function resolve(written: unknown, combination: Combination): Resolved {
  if (typeof written !== 'string' || !written.includes('${{')) return { value: written };
  if (written.length > longestExpression) return undefined;
  const alone = /^\$\{\{([^}]*)\}\}$/.exec(written.trim())?.[1];
  if (alone !== undefined) return lookUp(alone, combination);
  const parts = [...written.matchAll(expression)].map(([, inner]) =>
    textOf(lookUp(inner ?? '', combination)?.value),
  );
  if (parts.length === 0 || parts.includes(null)) return undefined;
  let next = 0;
  return { value: written.replaceAll(expression, () => parts[next++] ?? '') };
}

/** `matrix.os` and `matrix.host.labels`; anything else is GitHub's to work out. */
function lookUp(inner: string, combination: Combination): Resolved {
  const path = /^matrix((?:\.[\w-]+)+)$/.exec(inner.trim())?.[1]?.slice(1).split('.');
  const [first, ...rest] = path ?? [];
  if (first === undefined) return undefined;
  let value = combination.get(first);
  for (const name of rest) value = fieldOf(value, name);
  return value === undefined || value === null || shown(value).includes('${{') ? undefined : { value };
}
