/** Lines out of a byte stream, each bounded; bytes are joined before they become text, so no character is cut. */
export class Lines {
  #longest: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Bytes of a line whose end has not come. */
  get pending(): number {
    return this.#length;
  }

  /** From now on. */
  allow(longest: number): void {
    this.#longest = longest;
  }

  /** Forgets an unfinished line. */
  clear(): void {
    this.#parts = [];
    this.#length = 0;
  }

  /** The lines that `data` completes; null when a line is longer than allowed, after which nothing more is read. */
  push(data: Buffer): string[] | null {
    const lines: string[] = [];
    let rest = data;
    for (;;) {
      const end = rest.indexOf(10);
      const part = end < 0 ? rest : rest.subarray(0, end);
      this.#length += part.length;
      if (this.#length > this.#longest) return null;
      this.#parts.push(part);
      if (end < 0) return lines;
      const line = Buffer.concat(this.#parts).toString('utf8').replace(/\r$/, '');
      if (line !== '') lines.push(line);
      this.#parts = [];
      this.#length = 0;
      rest = rest.subarray(end + 1);
    }
  }
}
