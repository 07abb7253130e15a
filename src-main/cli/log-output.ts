/** A job's output on our stdout: raw bytes for people and pipes, lines of JSON with --json. */
import type { StreamArgs } from '../contract/api.ts';
import type { Call } from './spec.ts';
import type { Connected } from './world.ts';

type LogOf = Omit<StreamArgs<'log'>, 'cursor'>;

export class LogOutput {
  readonly #call: Call;
  /** Characters may be cut between two chunks: the decoder keeps the beginning. */
  readonly #decoder = new TextDecoder();
  /** In bytes from the beginning of the log: where a broken connection is taken up again. */
  #cursor = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Copies on from where it is to the end of the stream, or until `signal`. */
  async copy(api: Connected, of: LogOf, signal: AbortSignal = new AbortController().signal): Promise<void> {
    const { terminal, json } = this.#call;
    for await (const { data, cursor, skipped } of api.stream(
      'log',
      { ...of, cursor: this.#cursor },
      signal,
    )) {
      const bytes = Buffer.from(data, 'base64');
      if (json) terminal.json({ log: this.#decoder.decode(bytes, { stream: true }), ...droppedOf(skipped) });
      else {
        if (skipped > 0) terminal.note(`(${skipped} bytes of output were dropped here to bound the log)`);
        await terminal.write(bytes);
      }
      this.#cursor = cursor;
    }
  }
}

function droppedOf(skipped: number): { readonly skipped?: number } {
  return skipped > 0 ? { skipped } : {};
}

/** The log so far, as text. */
export async function logText(api: Connected, of: LogOf): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const { data } of api.stream('log', { ...of, cursor: 0 }, new AbortController().signal)) {
    chunks.push(Buffer.from(data, 'base64'));
  }
  return Buffer.concat(chunks).toString('utf8');
}
