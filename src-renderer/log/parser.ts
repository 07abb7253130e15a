/**
 * The output of a terminal program, in chunks, as lines of plain text with styled spans. Carriage return, backspace,
 * tab, erase-in-line and sideways moves do what terminals do; every other control is left out, so that nothing of a
 * log can act on the page.
 */
import { plain, type Style, withSgr } from './style.ts';

/** Styled pieces of a line: from `at`, in UTF-16 units, until the next one; before the first it is plain. */
export interface Span {
  readonly at: number;
  readonly style: Style;
}

export interface Line {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** Longer lines go on in the next one, as on a terminal, so that one line never fills the memory. */
export const longestLine = 16_384;
/** A sequence that has not ended by then was none. */
const longestSequence = 4096;

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

type State = 'text' | 'escape' | 'csi' | 'string' | 'stringEscape' | 'charset';

/** Takes chunks, gives whole lines to `emit`. `pending` is the line that has not ended. */
export class LogParser {
  readonly #emit: (line: Line) => void;
  #state: State = 'text';
  #sequence = '';
  #style: Style = plain;
  #chars: string[] = [];
  #styles: Style[] = [];
  #column = 0;

  constructor(emit: (line: Line) => void) {
    this.#emit = emit;
  }

  push(chunk: string): void {
    let at = 0;
    while (at < chunk.length) at = this.#atPlainLine() ? this.#fast(chunk, at) : this.#slow(chunk, at);
  }

  /** The line that has begun and not ended; null where nothing stands in it. */
  get pending(): Line | null {
    return this.#chars.length === 0 ? null : this.#line();
  }

  #atPlainLine(): boolean {
    return this.#state === 'text' && this.#chars.length === 0 && this.#column === 0 && this.#style === plain;
  }

  /** Whole lines without any control are taken as they are, which is what nearly all of a log is. */
  #fast(chunk: string, from: number): number {
    let at = from;
    for (;;) {
      const end = chunk.indexOf('\n', at);
      if (end < 0) break;
      const text = chunk.slice(at, chunk[end - 1] === '\r' && end > at ? end - 1 : end);
      if (text.length > longestLine || control.test(text)) break;
      this.#emit({ text, spans: [] });
      at = end + 1;
    }
    return at < chunk.length ? this.#slow(chunk, at) : at;
  }

  /** Character by character, to the end of the line or of the chunk. */
  #slow(chunk: string, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const code = chunk.codePointAt(at) ?? 0;
      const char = String.fromCodePoint(code);
      at += char.length;
      if (this.#state !== 'text') this.#inSequence(char, code);
      else if (char === '\n') {
        this.#endLine();
        return at;
      } else if (char !== '\t' && control.test(char)) this.#controlChar(code);
      else this.#put(char);
    }
    return at;
  }

  #put(char: string): void {
    if (this.#column >= longestLine) this.#endLine();
    while (this.#chars.length < this.#column) {
      this.#chars.push(' ');
      this.#styles.push(plain);
    }
    this.#chars[this.#column] = char;
    this.#styles[this.#column] = this.#style;
    this.#column += 1;
  }

  #controlChar(code: number): void {
    if (code === 0x0d) this.#column = 0;
    else if (code === 0x08) this.#column = Math.max(0, this.#column - 1);
    else if (code === 0x1b) this.#begin('escape');
    else if (code === 0x9b) this.#begin('csi');
    else if (code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)) this.#begin('string');
  }

  #begin(state: State): void {
    this.#state = state;
    this.#sequence = '';
  }

  #inSequence(char: string, code: number): void {
    switch (this.#state) {
      case 'escape':
        if (char === '[') this.#begin('csi');
        else if (char === ']' || char === 'P' || char === 'X' || char === '^' || char === '_')
          this.#begin('string');
        else if (code >= 0x20 && code <= 0x2f) this.#state = 'charset';
        else this.#leave(char);
        break;
      case 'charset':
        if (code < 0x20 || code > 0x2f) this.#leave(char);
        break;
      case 'csi':
        if (code >= 0x40 && code <= 0x7e) {
          this.#state = 'text';
          this.#csi(char);
        } else if (code < 0x20 || code > 0x7e) this.#leave(char);
        else this.#grow(char);
        break;
      case 'string':
        if (code === 0x07 || code === 0x9c) this.#state = 'text';
        else if (code === 0x1b) this.#state = 'stringEscape';
        else if (char === '\n') this.#leave(char);
        else this.#grow(char);
        break;
      case 'stringEscape':
        if (char === '\\') this.#state = 'text';
        else {
          this.#state = 'escape';
          this.#inSequence(char, code);
        }
        break;
      case 'text':
        break;
    }
  }

  /** The sequence was broken off, or was a short one: a control that ended it still counts. */
  #leave(char: string): void {
    this.#state = 'text';
    if (char === '\n') this.#endLine();
    else if (char !== '\t' && control.test(char)) this.#controlChar(char.codePointAt(0) ?? 0);
  }

  #grow(char: string): void {
    this.#sequence += char;
    if (this.#sequence.length > longestSequence) this.#state = 'text';
  }

  #csi(final: string): void {
    // Private sequences (`?25l`, `>4m`) are about the terminal, not about the text.
    if (!/^[\d;:]*$/.test(this.#sequence)) return;
    const params =
      this.#sequence === '' ? [] : this.#sequence.split(/[;:]/).map((part) => Math.min(Number(part), 9999));
    const first = params[0] ?? 0;
    if (final === 'm') this.#style = normal(withSgr(this.#style, params));
    else if (final === 'K') this.#erase(first);
    else if (final === 'C') this.#column = Math.min(this.#column + Math.max(1, first), longestLine);
    else if (final === 'D') this.#column = Math.max(0, this.#column - Math.max(1, first));
    else if (final === 'G') this.#column = Math.min(Math.max(0, first - 1), longestLine);
  }

  /** 0: to the end of the line, 1: to its begin, 2: all of it. */
  #erase(how: number): void {
    if (how === 0) {
      this.#chars.length = Math.min(this.#chars.length, this.#column);
      this.#styles.length = this.#chars.length;
    } else if (how === 1) {
      this.#chars.fill(' ', 0, this.#column + 1);
      this.#styles.fill(plain, 0, this.#column + 1);
    } else if (how === 2) {
      this.#chars = [];
      this.#styles = [];
    }
  }

  #endLine(): void {
    this.#emit(this.#line());
    this.#chars = [];
    this.#styles = [];
    this.#column = 0;
  }

  #line(): Line {
    const spans: Span[] = [];
    let before: Style = plain;
    let at = 0;
    this.#chars.forEach((char, i) => {
      const style = this.#styles[i] ?? plain;
      if (style !== before) {
        spans.push({ at, style });
        before = style;
      }
      at += char.length;
    });
    // A half of a pair whose other half was written over would not be a character.
    return { text: this.#chars.join('').replaceAll(/\p{Surrogate}/gu, '\ufffd'), spans };
  }
}

const known = new Map<string, Style>();

/** One object for each style, so that styles are compared by identity and a log does not fill the memory with them. */
function normal(style: Style): Style {
  const key = JSON.stringify(style);
  const found = known.get(key);
  if (found !== undefined) return found;
  const same = key === JSON.stringify(plain) ? plain : style;
  known.set(key, same);
  return same;
}
