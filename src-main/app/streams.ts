/** Streams. Logs: from a byte cursor on, followed until the job has ended and everything was delivered. */
import type { StreamArgs, StreamItems, StreamName } from '../contract/api.ts';
import { isOpen } from '../contract/job.ts';
import { problem } from '../contract/problem.ts';
import { delay } from './delay.ts';
import type { Deps } from './deps.ts';
import { LoadSampler } from './load.ts';
import type { State } from './state.ts';

const chunkBytes = 256 * 1024;
/** A followed log is looked at this often; a stream that has just delivered looks again at once. */
const pollMs = 20;
const idlePollMs = 200;

type Streams = {
  readonly [K in StreamName]: (args: StreamArgs<K>, signal: AbortSignal) => AsyncIterable<StreamItems[K]>;
};

/** All streams over this state. */
export function streamsOf(deps: Deps, state: State): Streams {
  const sampler = new LoadSampler(deps, state);
  return {
    log: (args, signal) => logStream(args, signal, deps, state),
    load: (args, signal) => sampler.stream(args, signal),
  };
}

/** The output of a job, or of a runner's present or last job. */
async function* logStream(
  args: StreamArgs<'log'>,
  signal: AbortSignal,
  deps: Deps,
  state: State,
): AsyncGenerator<StreamItems['log']> {
  const job = args.job ?? jobOfRunner(args.runner, deps, state);
  let { cursor } = args;
  let quiet = 0;
  while (!signal.aborted) {
    const row = deps.store.job(job);
    if (row === null)
      throw problem('not-found', `There is no job called ${job}.`, 'See `homerunner job list`.');
    const ended = !isOpen(row.job);
    const file = ended ? deps.logs.ofJob(job) : runningLog(row.job.runner, job, deps);
    const chunk = await deps.logs.read(file, cursor, chunkBytes);
    if (chunk.data.length > 0) {
      quiet = 0;
      yield {
        data: Buffer.from(chunk.data).toString('base64'),
        cursor: chunk.cursor,
        skipped: chunk.skipped,
      };
      ({ cursor } = chunk);
      continue;
    }
    if (ended || !args.follow) return;
    quiet += 1;
    await delay(quiet < 50 ? pollMs : idlePollMs, signal);
  }
}

function runningLog(runner: string | null, job: string, deps: Deps): string {
  return runner === null ? deps.logs.ofJob(job) : deps.runtime.logFile(runner, job);
}

function jobOfRunner(runner: string | null, deps: Deps, state: State): string {
  const record = runner === null ? undefined : state.records.get(runner);
  const last = record?.job ?? deps.store.jobs(1000).rows.find((row) => row.job.runner === runner)?.job.id;
  if (last !== undefined) return last;
  throw problem(
    'not-found',
    `The runner ${runner ?? ''} has had no job yet.`,
    'See `homerunner runner list`.',
  );
}
