/** Streams. Logs: from a byte cursor on, followed until the job has ended and everything was delivered. */
import type { StreamArgs, StreamItems, StreamName } from '../contract/api.ts';
import { type ForgeId, isOpen, type Job } from '../contract/job.ts';
import { problem, type ProblemError } from '../contract/problem.ts';
import { noJob, notBegun } from '../core/job-problems.ts';
import type { RunnerRecord } from '../core/runner.ts';
import { delay } from './delay.ts';
import type { Deps } from './deps.ts';
import { waitsElsewhere } from './job-commands.ts';
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

/** The output of a job, or of a runner's present or last job; of an agent that waits for jobs all that it says. */
async function* logStream(
  args: StreamArgs<'log'>,
  signal: AbortSignal,
  deps: Deps,
  state: State,
): AsyncGenerator<StreamItems['log']> {
  const look = sourceOf(args, deps, state);
  let { cursor } = args;
  let quiet = 0;
  while (!signal.aborted) {
    const { file, ended } = look();
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

/** Where the log is now, and whether more may come. */
type Source = () => { readonly file: string; readonly ended: boolean };

function sourceOf({ job, runner }: StreamArgs<'log'>, deps: Deps, state: State): Source {
  if (job !== null) return jobSource(job, deps, state);
  const record = runner === null ? undefined : state.records.get(runner);
  if (record !== undefined && isWaiting(record.forge, deps)) {
    const file = deps.runtime.logFile(record.name, null);
    return () => ({ file, ended: !state.records.has(record.name) });
  }
  return jobSource(jobOfRunner(runner ?? '', record, deps), deps, state);
}

function noLog(id: string, deps: Deps, state: State): ProblemError {
  const waiting = waitsElsewhere(id, deps, state);
  return waiting === null ? noJob(id) : notBegun(waiting);
}

function jobSource(id: string, deps: Deps, state: State): Source {
  return () => {
    const row = deps.store.job(id);
    if (row === null) throw noLog(id, deps, state);
    const ended = !isOpen(row.job);
    return { file: ended ? deps.logs.ofJob(id) : runningLog(row.job, deps), ended };
  };
}

function runningLog({ id, runner, forge }: Job, deps: Deps): string {
  if (runner === null) return deps.logs.ofJob(id);
  return deps.runtime.logFile(runner, isWaiting(forge, deps) ? null : id);
}

function isWaiting(forge: ForgeId, deps: Deps): boolean {
  return deps.forges.find((kit) => kit.id === forge)?.agent.waits === true;
}

function jobOfRunner(runner: string, record: RunnerRecord | undefined, deps: Deps): string {
  const last = record?.job ?? deps.store.jobs(1000).rows.find((row) => row.job.runner === runner)?.job.id;
  if (last !== undefined) return last;
  throw problem(
    'not-found',
    record === undefined
      ? `There is no runner called ${runner}.`
      : `The runner ${runner} has had no job yet.`,
    'See `homerunner runner list`.',
    { subject: runner },
  );
}
