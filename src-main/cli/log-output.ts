/** A job's output on our stdout: raw bytes for people and pipes, lines of JSON with --json. */
import type { StreamArgs } from '../contract/api.ts';
import type { Call } from './spec.ts';
import type { Connected } from './world.ts';

/** Copies a log stream; calls `moved` with each cursor, so that a broken connection can be taken up again. */
export async function copyLog(
  call: Call,
  api: Connected,
  args: StreamArgs<'log'>,
  moved: (cursor: number) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  // Characters may be cut between two chunks: the decoder keeps the beginning.
  const decoder = new TextDecoder();
  for await (const item of api.stream('log', args, signal)) {
    const data = Buffer.from(item.data, 'base64');
    if (item.skipped > 0)
      call.terminal.note(`(${item.skipped} bytes of output were dropped here to bound the log)`);
    if (call.json) call.terminal.json({ log: decoder.decode(data, { stream: true }) });
    else await call.terminal.write(data);
    moved(item.cursor);
  }
}
