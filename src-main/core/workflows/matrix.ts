/** The combinations of a job's matrix, as far as it is written out. */
import { fieldOf, type Fields, isFields, listOf } from './values.ts';

/** Values by name; a name whose values only GitHub knows is absent. */
export type Combination = ReadonlyMap<string, unknown>;

/** GitHub's own limit of jobs in a matrix; more inclusions or exclusions than that are not worked out either. */
const mostCombinations = 256;

/** One empty combination for a job without a matrix; null: an expression that GitHub alone can work out. */
export function combinationsOf(job: unknown): readonly Combination[] | null {
  const matrix = fieldOf(fieldOf(job, 'strategy'), 'matrix');
  if (matrix === undefined || matrix === null) return [new Map()];
  if (!isFields(matrix)) return null;
  const written = product(matrix);
  if (written === null) return null;
  const excluded = listOf(fieldOf(matrix, 'exclude')).filter(isFields).slice(0, mostCombinations);
  const base = written.filter((combination) => !excluded.some((out) => agrees(combination, out)));
  const included = fieldOf(matrix, 'include');
  if (included !== undefined && !Array.isArray(included)) return null;
  const inclusions = listOf(included).filter(isFields);
  return inclusions.length > mostCombinations ? null : include(base, inclusions);
}

/** All lists multiplied out, none where there is no list; null where there are more than GitHub starts. */
function product(matrix: Fields): Combination[] | null {
  const axes = Object.entries(matrix).filter(([name]) => name !== 'include' && name !== 'exclude');
  let all: Combination[] = axes.length === 0 ? [] : [new Map()];
  for (const [name, values] of axes) {
    if (!Array.isArray(values)) continue;
    if (all.length * values.length > mostCombinations) return null;
    all = all.flatMap((c) => values.map((value: unknown) => new Map([...c, [name, value]])));
  }
  return all;
}

function agrees(combination: Combination, part: Fields): boolean {
  return Object.entries(part).every(
    ([name, value]) => JSON.stringify(combination.get(name)) === JSON.stringify(value),
  );
}

/** By GitHub's rule: an inclusion adds to each combination whose written values it leaves as they are, else it is one of its own. */
function include(base: readonly Combination[], inclusions: readonly Fields[]): readonly Combination[] {
  const grown = base.map((written) => ({ written, all: new Map(written) }));
  const own: Combination[] = [];
  for (const inclusion of inclusions) {
    const entries = Object.entries(inclusion);
    const fitting = grown.filter(({ written }) =>
      entries.every(
        ([name, value]) => !written.has(name) || JSON.stringify(written.get(name)) === JSON.stringify(value),
      ),
    );
    for (const { all } of fitting) for (const [name, value] of entries) all.set(name, value);
    if (fitting.length === 0) own.push(new Map(entries));
  }
  const result = [...grown.map(({ all }) => all), ...own];
  return result.length === 0 ? [new Map()] : result;
}
