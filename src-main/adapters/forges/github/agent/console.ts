/** Follows what an agent writes to its log, each byte once. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Problem } from '../../../../contract/problem.ts';
import type { AgentJob } from '../../../../core/agent-port.ts';
import { meaningOf } from './phrases.ts';

export interface Told {
  readonly listening: boolean;
  /** Its present job, or its last. */
  readonly job: AgentJob | null;
  /** Those before it, oldest first. */
  readonly earlier: readonly AgentJob[];
  readonly trouble: Problem | null;
  readonly over: Problem | null;
}
export const nothingTold: Told = { listening: false, job: null, earlier: [], trouble: null, over: null };

/**
 * What is known after one more line, which begins at this byte of the log; `now` stands in for a time that it does not
 * tell, in wall-clock milliseconds.
 */
export function hear(told: Told, line: string, now: number, logFrom = 0): Told {
  const said = meaningOf(line);
  if (said === null) return told;
  const at = said.at ?? now;
  const { meaning } = said;
  switch (meaning.kind) {
    case 'listening': {
      // Said once by each process: what had not ended by then was the job of one before it, and so are its last words.
      const job = told.job !== null && told.job.startedAt < at ? over(told.job, at) : told.job;
      return { ...told, listening: true, trouble: null, over: null, job };
    }
    case 'reconnected':
      return { ...told, trouble: null };
    case 'begins':
      return {
        ...told,
        trouble: null,
        earlier: told.job === null ? told.earlier : [...told.earlier.slice(-mostEarlier), over(told.job, at)],
        job: { ...nothingKnown, name: meaning.job, startedAt: at, logFrom },
      };
    case 'ends': {
      const { job: name, result } = meaning;
      const begun = told.job?.endedAt === null && told.job.name === name ? told.job : null;
      return { ...told, job: { ...nothingKnown, name, startedAt: at, ...begun, endedAt: at, result } };
    }
    case 'trouble':
      return { ...told, trouble: meaning.isVague ? (told.trouble ?? meaning.problem) : meaning.problem };
    case 'over':
      // The first is the cause of the others.
      return { ...told, over: told.over ?? meaning.problem };
  }
}

/** One that was cancelled before it had a worker gets no line at its end; the next job begins after it. */
function over(job: AgentJob, by: number): AgentJob {
  return job.endedAt === null ? { ...job, endedAt: by } : job;
}

/** More than may ever wait to be written down. */
const mostEarlier = 1000;

const nothingKnown = { endedAt: null, result: null, repository: null, run: null } as const;

const chunkBytes = 64 * 1024;
/** No line of the agent has more bytes; what is longer comes from elsewhere and says nothing. */
const longest = 16 * 1024;
const nothing = Buffer.alloc(0);

export class Console {
  told = nothingTold;
  #offset = 0;
  #seen = '';
  /** The beginning of a line whose end has not come yet; null: of one that is too long. */
  #begun: Buffer | null = nothing;
  /** Where that line begins. */
  #lineAt = 0;
  /** What comes before this is of an earlier process of the same runner: of that the jobs alone count. */
  #from: number;

  constructor(from = 0) {
    this.#from = from;
  }

  /** How much of the file was read. */
  get offset(): number {
    return this.#offset;
  }

  /** Reads what is new; a file that is as it was is not opened. One that is not there yet says nothing. */
  async read(file: string, now: number): Promise<void> {
    const found = await stat(file).catch(() => null);
    const seen = `${found?.ino ?? ''} ${found?.size ?? ''} ${found?.mtimeMs ?? ''}`;
    if (found === null || seen === this.#seen) return;
    // It was cut: what is left of it is heard again, and says the same.
    if (found.size < Math.max(this.#offset, this.#from)) this.#rewind();
    const handle = await open(file, 'r');
    try {
      await this.#readOn(handle, now);
    } finally {
      await handle.close();
    }
    this.#seen = seen;
  }

  async #readOn(handle: FileHandle, now: number): Promise<void> {
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      const isEarlier = this.#offset < this.#from;
      const most = isEarlier ? Math.min(chunkBytes, this.#from - this.#offset) : chunkBytes;
      const { bytesRead } = await handle.read(buffer, 0, most, this.#offset);
      if (bytesRead === 0) return;
      this.#take(buffer.subarray(0, bytesRead), now);
      this.#offset += bytesRead;
      if (isEarlier && this.#offset === this.#from) this.#beginHere(now);
    }
  }

  /** By bytes, so that each line's place is true whatever stands in it. */
  #take(chunk: Buffer, now: number): void {
    for (let from = 0; ;) {
      const end = chunk.indexOf('\n', from);
      this.#add(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) return;
      this.#hear(now);
      from = end + 1;
      this.#begun = nothing;
      this.#lineAt = this.#offset + from;
    }
  }

  #add(part: Buffer): void {
    const length = (this.#begun?.length ?? 0) + part.length;
    this.#begun = this.#begun === null || length > longest ? null : Buffer.concat([this.#begun, part]);
  }

  #hear(now: number): void {
    if (this.#begun === null) return;
    this.told = hear(this.told, this.#begun.toString('utf8').replace(/\r+$/, ''), now, this.#lineAt);
  }

  /** Nothing more will come: its last line may have no end. */
  close(now: number): void {
    this.#hear(now);
    this.#begun = nothing;
  }

  #beginHere(now: number): void {
    this.close(now);
    this.#lineAt = this.#offset;
    const { job, earlier } = this.told;
    this.told = { ...nothingTold, job, earlier };
  }

  #rewind(): void {
    this.#offset = 0;
    this.#from = 0;
    this.#begun = nothing;
    this.#lineAt = 0;
  }
}
