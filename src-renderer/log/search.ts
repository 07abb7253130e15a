/** Search in a log: line by line, without regard to case, a block at a time so that the page stays free. */
import type { LogLines } from './lines.ts';

/** More hits than anybody steps through. */
export const mostHits = 100_000;

/** Finds `query` as it is written; null for an empty one. */
export function patternOf(query: string): RegExp | null {
  if (query === '') return null;
  return new RegExp(query.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
}

/** The numbers of the lines of a block that hold the pattern, from line `from` on; each line once. */
export function hitsInBlock(lines: LogLines, index: number, pattern: RegExp, from: number): number[] {
  const block = lines.blockAt(index);
  if (block === null) return [];
  const hits: number[] = [];
  const skipped = Math.max(0, from - block.first);
  let within = skipped;
  pattern.lastIndex = skipped === 0 ? 0 : (block.ends[skipped - 1] ?? 0) + 1;
  for (let match = pattern.exec(block.text); match !== null; match = pattern.exec(block.text)) {
    while (within < block.ends.length && (block.ends[within] ?? 0) < match.index) within += 1;
    if (within >= block.ends.length) break;
    const end = block.ends[within] ?? 0;
    if (match.index + match[0].length <= end) hits.push(block.first + within);
    pattern.lastIndex = end + 1;
    within += 1;
  }
  return hits;
}

/** Where in a line the pattern stands: [from, to) in UTF-16 units. */
export function matchesIn(text: string, pattern: RegExp): readonly (readonly [number, number])[] {
  return [...text.matchAll(pattern)]
    .slice(0, 200)
    .map((match) => [match.index, match.index + match[0].length]);
}
