/** Downloads an archive to a file: goes on where it was cut off, and is believed only when its SHA-256 is the announced one. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem, ProblemError } from '../../contract/problem.ts';
import { certificateTrouble, codeIn } from '../os/net-errors.ts';
import { isSafe } from './release.ts';

export interface Download {
  /** What it is called in sentences. */
  readonly title: string;
  readonly url: string;
  readonly bearer: string | null;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Where it goes; what lies there is the beginning of it. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  /** Called with bytes: what is there, and what it will be (null: unknown). */
  readonly progress: (done: number, total: number | null) => void;
  /** Throws when there is no room for an archive of so many bytes, of which `missing` are not here yet. */
  readonly room: (total: number, missing: number) => Promise<void>;
  /** Milliseconds before trying again, by how often it has failed. */
  readonly waitMs?: (failures: number) => number;
}

const attempts = 5;
/** A connection that has brought nothing for so long is given up, in milliseconds. */
const stalledMs = 60_000;

/**
 * Throws `checksum-mismatch` (and nothing of it stays), `disk-reserve`, `refused-by-policy` when it was cancelled, and
 * `forge-unreachable`, `forbidden` or `not-found`; what came so far then waits for the next try.
 */
export async function download(wish: Download): Promise<void> {
  const { waitMs = (failures: number) => 500 * 4 ** (failures - 1) } = wish;
  for (let failures = 0; ;) {
    const before = await sizeOf(wish.file);
    try {
      const sum = await fetchRest(wish, before);
      if (sum === wish.sha256) return;
      await rm(wish.file, { force: true });
      // The beginning may have been of another file: once more, whole.
      if (before === 0) throw mismatch(wish, sum);
    } catch (error) {
      if (wish.signal.aborted) throw cancelled(wish);
      if (error instanceof ProblemError && error.problem.code !== 'forge-unreachable') throw error;
      if (isFull(error)) throw error;
      const mistrust = mistrusted(wish, error);
      if (mistrust !== null) throw mistrust;
      // One that brings something each time may be cut off as often as it likes.
      failures = (await sizeOf(wish.file)) > before ? 1 : failures + 1;
      if (failures >= attempts) throw unreachable(wish, error);
      await sleep(waitMs(failures), undefined, { signal: wish.signal }).catch(() => {
        throw cancelled(wish);
      });
    }
  }
}

/** Fetches what is missing behind the first `have` bytes; the sum of all. */
async function fetchRest(wish: Download, have: number): Promise<string> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error('nothing came for a minute')), stalledMs);
  try {
    const signal = AbortSignal.any([wish.signal, stalled.signal]);
    const response = await wish.fetch(wish.url, { signal, headers: headersOf(wish, have) });
    const from = await beginning(wish, response, have);
    if (from === null) return (await sumOf(wish.file)).digest('hex');
    return await receive(wish, response, from, () => timer.refresh());
  } finally {
    clearTimeout(timer);
  }
}

function headersOf({ bearer }: Download, have: number): Record<string, string> {
  return {
    accept: 'application/octet-stream',
    // As it lies there: parts of it are asked for by their place.
    'accept-encoding': 'identity',
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(have === 0 ? {} : { range: `bytes=${have}-` }),
  };
}

/** At which byte the answer begins; null: there is nothing beyond what we have. */
async function beginning(wish: Download, response: Response, have: number): Promise<number | null> {
  if (!isSafe(response.url === '' ? wish.url : response.url))
    throw problem(
      'refused-by-policy',
      `${wish.title} is redirected to a connection that anybody on the way can change.`,
      'The forge has to offer it by https.',
    );
  if (response.status === 416 && have > 0) return null;
  if (!response.ok) {
    await response.body?.cancel();
    throw refusal(wish, response.status);
  }
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return response.status === 206 && Number(start) === have ? have : 0;
}

async function receive(wish: Download, response: Response, from: number, alive: () => void): Promise<string> {
  const length = Number(response.headers.get('content-length') ?? NaN);
  const total = Number.isFinite(length) ? from + length : null;
  if (total !== null) {
    checkSize(wish, total);
    await wish.room(total, length);
  }
  const sum = from === 0 ? createHash('sha256') : await sumOf(wish.file);
  const file = await open(wish.file, from === 0 ? 'w' : 'a', 0o600);
  let done = from;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      alive();
      done += chunk.length;
      checkSize(wish, done);
      sum.update(chunk);
      await file.writeFile(chunk);
      wish.progress(done, total);
    }
  } finally {
    await file.close();
  }
  // Some servers just hang up: what is missing is asked for again.
  if (total !== null && done < total) throw new Error('the connection was cut off');
  return sum.digest('hex');
}

async function sumOf(file: string): Promise<Hash> {
  const sum = createHash('sha256');
  for await (const chunk of createReadStream(file)) sum.update(chunk as Buffer);
  return sum;
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0;
}

function checkSize(wish: Download, bytes: number): void {
  if (bytes > wish.maxBytes)
    throw problem(
      'refused-by-policy',
      `${wish.title} is larger than any agent (over ${Math.round(wish.maxBytes / 1_048_576)} MiB).`,
      'Ask who runs the forge what it offers there.',
    );
}

const isFull = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

function refusal({ title }: Download, status: number): ProblemError {
  if (status === 404 || status === 410)
    return problem(
      'not-found',
      `${title} is not there any more (status ${status}).`,
      'The next look at the forge finds the newest one; a version that was pinned has to be one that is offered.',
    );
  if (status < 500 && status !== 408 && status !== 429)
    return problem(
      'forbidden',
      `${title} may not be downloaded (status ${status}).`,
      'A proxy or a firewall may be in the way: open the address of the forge’s downloads.',
    );
  return problem('forge-unreachable', `${title} cannot be downloaded now (status ${status}).`, tryAgain);
}

const tryAgain = 'It is tried again by itself, and goes on where it was cut off.';

function unreachable({ title }: Download, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return problem('forge-unreachable', `${title} cannot be downloaded: ${why}.`, tryAgain);
}

/** Of a server that cannot prove who it is, which asking again does not change; null: it is something else. */
function mistrusted({ title }: Download, error: unknown): ProblemError | null {
  const who = `${title} cannot be downloaded: its server`;
  const trouble = certificateTrouble(codeIn(error), who, 'the address of the forge’s downloads');
  return trouble === null ? null : problem('forge-unreachable', trouble.message, trouble.hint);
}

function mismatch({ title, sha256 }: Download, sum: string): ProblemError {
  return problem(
    'checksum-mismatch',
    `${title} is not what was announced: its SHA-256 begins with ${sum.slice(0, 12)}, not ${sha256.slice(0, 12)}.`,
    'It was thrown away. Somebody on the way may have changed it: look at proxies, then try again.',
  );
}

function cancelled({ title }: Download): ProblemError {
  return problem(
    'refused-by-policy',
    `The download of ${title} was cancelled.`,
    'It goes on where it was when a runner needs it next.',
  );
}
