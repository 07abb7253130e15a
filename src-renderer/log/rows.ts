/**
 * Which lines of a log stand where. A row is one line on the screen; a wrapped line takes several. Heights are in rows:
 * browsers lay out no more than some 30 million pixels, so the height of very long logs is shown smaller than it is.
 */
import type { LogLines } from './lines.ts';

/** The tallest that a page is made, in pixels; half of what browsers bear, for twice the zoom. */
export const tallest = 12_000_000;

/** Rows of a line at a width in columns; 0 columns: not wrapped. */
export function rowsOf(length: number, columns: number): number {
  return columns <= 0 ? 1 : Math.max(1, Math.ceil(length / columns));
}

const groupSize = 1024;

/** How many rows come before each line; kept in groups, so that a million lines are known at once. */
export class RowIndex {
  readonly #lines: LogLines;
  readonly columns: number;
  #groups: number[] = [0];
  #counted = 0;
  #rows = 0;
  #dropped: number;

  constructor(lines: LogLines, columns: number) {
    this.#lines = lines;
    this.columns = columns;
    this.#dropped = lines.dropped;
  }

  /** All rows of the lines that there are now. */
  get rows(): number {
    if (this.columns <= 0) return this.#lines.count;
    this.#count();
    return this.#rows;
  }

  /** The line that a row belongs to, and the row that this line begins at. */
  lineAt(row: number): { readonly line: number; readonly row: number } {
    const last = Math.max(0, this.#lines.count - 1);
    if (this.columns <= 0) {
      const line = Math.min(Math.max(0, Math.floor(row)), last);
      return { line, row: line };
    }
    this.#count();
    let group = this.#groups.findLastIndex((start) => start <= row);
    if (group < 0) group = 0;
    let line = group * groupSize;
    let at = this.#groups[group] ?? 0;
    for (; line < last; line += 1) {
      const next = at + this.#rowsAt(line);
      if (next > row) break;
      at = next;
    }
    return { line, row: at };
  }

  /** The row at which a line begins. */
  rowOf(line: number): number {
    if (this.columns <= 0) return line;
    this.#count();
    const group = Math.min(Math.floor(line / groupSize), this.#groups.length - 1);
    let row = this.#groups[group] ?? 0;
    for (let i = group * groupSize; i < line; i += 1) row += this.#rowsAt(i);
    return row;
  }

  #rowsAt(line: number): number {
    return rowsOf(this.#lines.lengthOf(line), this.columns);
  }

  #count(): void {
    if (this.#lines.dropped !== this.#dropped) {
      this.#dropped = this.#lines.dropped;
      this.#groups = [0];
      this.#counted = 0;
      this.#rows = 0;
    }
    for (; this.#counted < this.#lines.count; this.#counted += 1) {
      if (this.#counted % groupSize === 0) this.#groups[this.#counted / groupSize] = this.#rows;
      this.#rows += this.#rowsAt(this.#counted);
    }
  }
}

export interface Viewport {
  /** Pixels. */
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
}

export interface Visible {
  readonly first: number;
  /** One more than the last. */
  readonly end: number;
  /** Where the first line begins, in pixels from the top of the page that is scrolled. */
  readonly top: number;
}

/** The height of the page that is scrolled, in pixels. */
export function pageHeight(rows: number, rowHeight: number): number {
  return Math.min(rows * rowHeight, tallest);
}

/** The lines to draw: those in view and some around them. */
export function visibleLines(index: RowIndex, view: Viewport, around = 20): Visible {
  const { rows } = index;
  const { rowHeight } = view;
  const whole = rows * rowHeight;
  const page = pageHeight(rows, rowHeight);
  const scrollable = Math.max(1, page - view.height);
  // Where the page is shorter than the log, a scrolled pixel stands for more than one.
  const offset = page === whole ? view.scrollTop : (view.scrollTop / scrollable) * (whole - view.height);
  const firstRow = Math.max(0, Math.floor(offset / rowHeight) - around);
  const lastRow = Math.ceil((offset + view.height) / rowHeight) + around;
  const start = index.lineAt(firstRow);
  const last = index.lineAt(lastRow);
  return {
    first: start.line,
    end: rows === 0 ? 0 : last.line + 1,
    top: view.scrollTop + start.row * rowHeight - offset,
  };
}

/** Where to scroll so that a line stands in the middle of the view. */
export function scrollTo(index: RowIndex, line: number, view: Viewport): number {
  const { rows } = index;
  const whole = rows * view.rowHeight;
  const page = pageHeight(rows, view.rowHeight);
  const wanted = Math.max(0, index.rowOf(line) * view.rowHeight - view.height / 2 + view.rowHeight / 2);
  if (page === whole) return wanted;
  return (Math.min(wanted, whole - view.height) / Math.max(1, whole - view.height)) * (page - view.height);
}
