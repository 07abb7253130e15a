/** The streams of one page: bounded in number and in what they keep ahead, ended with the page. */
import { type StreamName, streamSchemas } from '../contract/api.ts';
import { type Problem, problem, problemOf } from '../contract/problem.ts';
import * as v from 'valibot';
import type { Push } from './messages.ts';
import { BatchOutflow } from './outflow.ts';
import type { Supervision } from './supervision.ts';

const mostStreams = 64;
const everyMs = 40;
/** Characters of items that may wait for the page. */
const mostAhead = 1024 * 1024;

interface Flowing {
  readonly end: AbortController;
  readonly out: BatchOutflow<unknown>;
}

export class PageStreams {
  readonly #supervision: Supervision;
  readonly #push: (push: Push) => void;
  readonly #flowing = new Map<number, Flowing>();

  constructor(supervision: Supervision, push: (push: Push) => void) {
    this.#supervision = supervision;
    this.#push = push;
  }

  /** Begins a stream; throws a `usage` Problem where it cannot. */
  begin(id: number, name: string, args: unknown): void {
    if (this.#flowing.has(id)) throw problem('usage', `The stream ${id} flows already.`, 'Take another id.');
    if (this.#flowing.size >= mostStreams)
      throw problem('usage', `More than ${mostStreams} streams flow at once.`, 'End some of them.');
    if (!isStreamName(name)) throw problem('usage', 'There is no such stream.', 'See the contract.');
    const parsed = v.safeParse(streamSchemas[name], args);
    if (!parsed.success) throw problem('usage', `${name}: ${parsed.issues[0].message}.`, 'See the contract.');
    const out = new BatchOutflow<unknown>(
      { now: () => performance.now(), everyMs },
      mostAhead,
      sizeOf,
      (items) => {
        this.#push({ is: 'items', id, items });
      },
    );
    const flowing = { end: new AbortController(), out };
    this.#flowing.set(id, flowing);
    void this.#flow(id, name, parsed.output, flowing);
  }

  taken(id: number): void {
    this.#flowing.get(id)?.out.taken();
  }

  cancel(id: number): void {
    const flowing = this.#flowing.get(id);
    flowing?.end.abort();
    flowing?.out.close();
  }

  close(): void {
    for (const id of this.#flowing.keys()) this.cancel(id);
  }

  async #flow<K extends StreamName>(
    id: number,
    name: K,
    args: v.InferOutput<(typeof streamSchemas)[K]>,
    { end, out }: Flowing,
  ): Promise<void> {
    let last: Problem | null = null;
    try {
      for await (const item of this.#supervision.stream(name, args, end.signal)) await out.push(item);
      await out.flushed();
    } catch (thrown) {
      last = problemOf(thrown);
    }
    this.#flowing.delete(id);
    out.close();
    if (!end.signal.aborted) this.#push({ is: 'end', id, problem: last });
  }
}

function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(streamSchemas, name);
}

/** Of a log nearly all is its data; everything else is small. */
function sizeOf(item: unknown): number {
  const data = typeof item === 'object' && item !== null && 'data' in item ? item.data : null;
  return typeof data === 'string' ? data.length : 1000;
}
