/**
 * The lines of a log, any number of them, in bounded memory: whole blocks of text with the places where lines end,
 * styles beside them only where there are any. The oldest blocks go when the bound is reached.
 */
import type { Line, Span } from './parser.ts';

export const blockLines = 4096;

interface Block {
  /** All lines, each with its \n. */
  readonly text: string;
  /** Where each line ends in `text`, its \n not counted. */
  readonly ends: Uint32Array;
  readonly spans: ReadonlyMap<number, readonly Span[]>;
}

export interface Bounds {
  readonly characters: number;
  readonly lines: number;
}

/** Roughly 64 MB in memory for plain ASCII. */
export const usualBounds: Bounds = { characters: 64 * 1024 * 1024, lines: 2_000_000 };

const noSpans: readonly Span[] = [];

/** Lines by number, from 0 for the first that is kept. */
export class LogLines {
  readonly #bounds: Bounds;
  #blocks: Block[] = [];
  #open: Line[] = [];
  #openCharacters = 0;
  #characters = 0;
  #dropped = 0;

  constructor(bounds: Bounds = usualBounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#blocks.length * blockLines + this.#open.length;
  }

  /** How many lines before the first were let go. */
  get dropped(): number {
    return this.#dropped;
  }

  get characters(): number {
    return this.#characters;
  }

  add(line: Line): void {
    this.#open.push(line);
    this.#openCharacters += line.text.length + 1;
    this.#characters += line.text.length + 1;
    if (this.#open.length === blockLines) this.#close();
  }

  /** The line with this number; an empty one where there is none. */
  line(number: number): Line {
    const block = this.#blocks[Math.floor(number / blockLines)];
    const within = number % blockLines;
    if (block === undefined)
      return this.#open[number - this.#blocks.length * blockLines] ?? { text: '', spans: noSpans };
    const end = block.ends[within] ?? 0;
    const start = within === 0 ? 0 : (block.ends[within - 1] ?? 0) + 1;
    return { text: block.text.slice(start, end), spans: block.spans.get(within) ?? noSpans };
  }

  /** The length of a line, without making its text. */
  lengthOf(number: number): number {
    const block = this.#blocks[Math.floor(number / blockLines)];
    if (block === undefined) return this.#open[number - this.#blocks.length * blockLines]?.text.length ?? 0;
    const within = number % blockLines;
    return (block.ends[within] ?? 0) - (within === 0 ? 0 : (block.ends[within - 1] ?? 0) + 1);
  }

  /** Text of whole blocks, for search: each with the number of its first line. The last is the open one. */
  blockAt(
    index: number,
  ): { readonly first: number; readonly text: string; readonly ends: Uint32Array } | null {
    const block = this.#blocks[index];
    const first = index * blockLines;
    if (block !== undefined) return { first, text: block.text, ends: block.ends };
    if (index > this.#blocks.length || this.#open.length === 0) return null;
    return { first, ...packed(this.#open) };
  }

  get blockCount(): number {
    return this.#blocks.length + (this.#open.length > 0 ? 1 : 0);
  }

  /** The end of the log, at most `most` characters, in whole lines. */
  tail(most: number): { readonly text: string; readonly lines: number } {
    const parts: string[] = [];
    let size = 0;
    let number = this.count;
    while (number > 0) {
      const length = this.lengthOf(number - 1) + 1;
      if (size + length > most) break;
      size += length;
      number -= 1;
    }
    for (let i = number; i < this.count; i += 1) parts.push(this.line(i).text);
    return { text: parts.length === 0 ? '' : `${parts.join('\n')}\n`, lines: parts.length };
  }

  #close(): void {
    const spans = new Map(
      this.#open.flatMap((line, i) => (line.spans.length > 0 ? [[i, line.spans] as const] : [])),
    );
    this.#blocks.push({ ...packed(this.#open), spans });
    this.#open = [];
    this.#openCharacters = 0;
    while (this.#blocks.length > 1 && this.#isOver()) {
      const gone = this.#blocks.shift();
      this.#characters -= gone?.text.length ?? 0;
      this.#dropped += blockLines;
    }
  }

  #isOver(): boolean {
    return this.#characters > this.#bounds.characters || this.count > this.#bounds.lines;
  }
}

function packed(lines: readonly Line[]): { readonly text: string; readonly ends: Uint32Array } {
  const ends = new Uint32Array(lines.length);
  let at = 0;
  lines.forEach(({ text }, i) => {
    at += text.length;
    ends[i] = at;
    at += 1;
  });
  return { text: `${lines.map(({ text }) => text).join('\n')}\n`, ends };
}
