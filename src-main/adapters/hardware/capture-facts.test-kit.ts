/** How a profile is compared with what was expected of it: only what is named. */

export interface Comparison {
  readonly right: number;
  /** "cpu.cores: 8, not 4" */
  readonly wrong: readonly string[];
}

/**
 * Objects: only the named fields. Features and labels: contained. Other lists: of the same length, in any order, each
 * expected one met by a different actual one. Everything else: equal.
 */
export function compareFacts(actual: unknown, expected: unknown, path = ''): Comparison {
  if (Array.isArray(expected)) return compareLists(actual, expected, path);
  if (typeof expected === 'object' && expected !== null)
    return sum(
      Object.entries(expected).map(([key, value]) =>
        compareFacts(fieldOf(actual, key), value, path === '' ? key : `${path}.${key}`),
      ),
    );
  return actual === expected
    ? { right: 1, wrong: [] }
    : { right: 0, wrong: [`${path}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`] };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function compareLists(actual: unknown, expected: readonly unknown[], path: string): Comparison {
  const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
  if (/(?:features|labels)$/.test(path))
    return sum(
      expected.map((item) =>
        list.includes(item)
          ? { right: 1, wrong: [] }
          : { right: 0, wrong: [`${path} lacks ${String(item)}`] },
      ),
    );
  const length =
    list.length === expected.length
      ? { right: 1, wrong: [] }
      : { right: 0, wrong: [`${path}: ${list.length} of them, not ${expected.length}`] };
  const left = [...list];
  return sum([
    length,
    ...expected.map((item, i) => {
      const compared = left.map((one) => compareFacts(one, item, `${path}[${i}]`));
      const fewest = Math.min(...compared.map(({ wrong }) => wrong.length));
      const at = compared.findIndex(({ wrong }) => wrong.length === fewest);
      left.splice(at, at < 0 ? 0 : 1);
      return compared[at] ?? compareFacts(undefined, item, `${path}[${i}]`);
    }),
  ]);
}

function sum(parts: readonly Comparison[]): Comparison {
  return {
    right: parts.reduce((total, { right }) => total + right, 0),
    wrong: parts.flatMap(({ wrong }) => wrong),
  };
}
