/** A line cut into pieces that are drawn alike: by style, and by hits of a search. */
import type { Line } from './parser.ts';
import { classOf, plain } from './style.ts';

export interface Piece {
  readonly text: string;
  readonly classes: string;
  readonly hit: boolean;
}

/** The pieces of a line; together their texts are the line. */
export function piecesOf(line: Line, hits: readonly (readonly [number, number])[]): readonly Piece[] {
  const { text, spans } = line;
  const cuts = new Set([0, text.length, ...spans.map((span) => span.at), ...hits.flat()]);
  const places = [...cuts].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  let span = -1;
  const pieces: Piece[] = [];
  for (let i = 0; i + 1 < places.length; i += 1) {
    const from = places[i] ?? 0;
    while ((spans[span + 1]?.at ?? Infinity) <= from) span += 1;
    const style = spans[span]?.style ?? plain;
    const hit = hits.some(([start, end]) => start <= from && from < end);
    pieces.push({ text: text.slice(from, places[i + 1]), classes: classOf(style), hit });
  }
  return pieces;
}
