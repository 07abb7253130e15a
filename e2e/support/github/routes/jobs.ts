/** Workflow runs and their jobs. */
import { repositoryOf, type Need } from '../access.ts';
import { cancelRun, queue, settle } from '../assignment.ts';
import type { Answer, Call, Route } from '../call.ts';
import { list, notFound, ok, param, refuse } from '../call.ts';
import type { Job, Run } from '../model.ts';
import { jobView, latestJobs, runStatus, runView } from '../views.ts';

const read: Need = { permission: 'actions', level: 'read', role: 'read' };
const write: Need = { permission: 'actions', level: 'write', role: 'write' };

function runOf(call: Call, need: Need): Run {
  const repository = repositoryOf(call, need);
  const run = call.world.runs.get(Number(param(call, 'run_id')));
  return run?.repository === repository ? run : notFound();
}

function jobOf(call: Call, need: Need): Job {
  const repository = repositoryOf(call, need);
  const job = call.world.jobs.get(Number(param(call, 'job_id')));
  return job?.run.repository === repository ? job : notFound();
}

/** Newest first, and never more than a thousand where a filter is set. */
function runs(call: Call): Answer {
  const repository = repositoryOf(call, read);
  const wanted = call.query.get('status');
  const isWanted = madeWithin(call.query.get('created'));
  const found = [...call.world.runs.values()].reverse().filter((run) => {
    if (run.repository !== repository || !isWanted(run.createdAt)) return false;
    const { status, conclusion } = runStatus(run);
    return wanted === null || wanted === status || wanted === conclusion;
  });
  const isFiltered = wanted !== null || call.query.has('created');
  const shown = isFiltered ? found.slice(0, 1000) : found;
  return list(
    'workflow_runs',
    shown.map((run) => runView(call.world, run, call.token)),
  );
}

/** GitHub's words for a span of time: a moment, `<=`, `>=`, or two moments. */
function madeWithin(span: string | null): (at: number) => boolean {
  if (span === null) return () => true;
  const [, sign, moment = ''] = /^(<=|>=)(.+)$/.exec(span) ?? [];
  const [from = '', to = from] = span.split('..');
  const [first, last] =
    sign === '<='
      ? [-Infinity, Date.parse(moment)]
      : sign === '>='
        ? [Date.parse(moment), Infinity]
        : [Date.parse(from), Date.parse(to)];
  if (Number.isNaN(first) || Number.isNaN(last)) throw new Error(`The double knows no span of time ${span}.`);
  // Whole seconds are told.
  return (at) => at >= first && Math.floor(at / 1000) * 1000 <= last;
}

function jobs(call: Call): Answer {
  const run = runOf(call, read);
  const all = call.query.get('filter') === 'all' ? run.jobs : latestJobs(run);
  return list(
    'jobs',
    all.map((job) => jobView(call.world, job)),
  );
}

function cancel(call: Call): Answer {
  const run = runOf(call, write);
  if (runStatus(run).status === 'completed') refuse(409, 'Cannot cancel a workflow run that is completed.');
  cancelRun(call.world, run);
  settle(call.world);
  return { status: 202, body: {} };
}

/** The job once more, as a new job of the run's next attempt. */
function rerun(call: Call): Answer {
  const job = jobOf(call, write);
  const { run } = job;
  if (runStatus(run).status !== 'completed') refuse(403, 'This workflow run is already running.');
  run.attempt += 1;
  queue(call.world, run, job);
  settle(call.world);
  return { status: 201, body: {} };
}

const base = '/repos/{owner}/{repo}/actions';

export const jobRoutes: readonly Route[] = [
  { method: 'GET', path: `${base}/runs`, answer: runs },
  {
    method: 'GET',
    path: `${base}/runs/{run_id}`,
    answer: (call) => ok(runView(call.world, runOf(call, read), call.token)),
  },
  { method: 'GET', path: `${base}/runs/{run_id}/jobs`, answer: jobs },
  { method: 'POST', path: `${base}/runs/{run_id}/cancel`, answer: cancel },
  {
    method: 'GET',
    path: `${base}/jobs/{job_id}`,
    answer: (call) => ok(jobView(call.world, jobOf(call, read))),
  },
  { method: 'POST', path: `${base}/jobs/{job_id}/rerun`, answer: rerun },
];
