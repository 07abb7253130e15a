/** What must hold after everything: each sentence is one violation. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../../src-main/adapters/db/open.ts';
import type { Job } from '../../../src-main/contract/job.ts';
import type { Job as GitHubJob } from '../../support/github/model.ts';
import { marked } from '../../support/processes.ts';
import { type Entry, readLedger } from '../ledger.ts';
import type { Deaths } from './kills.ts';
import type { ChaosSite } from './site.ts';
import { ledgerName, type QueuedJob, type Work } from './work.ts';

/** `history`: all jobs that the supervisor told of before it was stopped. */
export function checkAll(site: ChaosSite, work: Work, deaths: Deaths, history: readonly Job[]): string[] {
  const ledger = readLedger(site.ledger);
  const known = new Set<string>();
  const jobs = work.queued.flatMap((queued) => {
    const job = site.github.job(queued.id);
    const entries = history.filter((one) => isOf(one, job));
    for (const { id } of entries) known.add(id);
    const wrong = checkJob({
      ...{ queued, job, entries, deaths },
      began: site.github.jobRuns.get(job.id) ?? 0,
      own: ledger.get(ledgerName(job.name)) ?? null,
    });
    const at = `${job.name} of ${job.run.repository.name}, on ${job.runner?.name ?? 'nobody'}`;
    return wrong.map((what) => `Job ${job.id} (${at}): ${what}`);
  });
  return [
    ...jobs,
    ...history.flatMap(({ id, name, runner }) =>
      known.has(id)
        ? []
        : [`The history has ${id} (${name}, on ${runner ?? 'nobody'}), which GitHub does not know.`],
    ),
    ...checkLeft(site),
    ...site.github.violations.map((what) => `A request that GitHub does not describe: ${what}`),
  ];
}

/** Under GitHub's id, or, where it could not be asked, under its runner's name. */
function isOf(entry: Job, job: GitHubJob): boolean {
  if (entry.id === `gh-${job.id}` || entry.id.startsWith(`gh-${job.id}-`)) return true;
  return (
    !entry.id.startsWith('gh-') && entry.runner === job.runner?.name && entry.name.endsWith(` · ${job.name}`)
  );
}

interface Told {
  readonly queued: QueuedJob;
  readonly job: GitHubJob;
  readonly entries: readonly Job[];
  readonly deaths: Deaths;
  /** How often a worker began it, by GitHub's count. */
  readonly began: number;
  readonly own: Entry | null;
}

function checkJob({ queued, job, entries, deaths, began, own }: Told): string[] {
  if (job.status !== 'completed') return [`it is ${job.status}`];
  const runner = job.runner?.name ?? '';
  // Its listener died with its worker, or as the job came: then it is lost, and must be called so.
  const mayBeLost = deaths.whole.has(runner) || (deaths.listeners.has(runner) && own === null);
  const runs = own?.pids.length ?? 0;
  const lost = mayBeLost && job.conclusion === 'failure' && own?.ends.length !== 1;
  const [entry] = entries;
  return [
    ...(began > 1 || runs > 1 ? [`it began ${Math.max(began, runs)} times`] : []),
    ...(runs === 0 && !lost ? ['its script never ran'] : []),
    ...(lost || (job.conclusion === 'success') === queued.succeeds ? [] : [`GitHub says ${job.conclusion}`]),
    ...(entries.length > 1 ? [`the history has it as ${entries.map(({ id }) => id).join(', ')}`] : []),
    ...(entry === undefined && began > 0 ? ['it is not in the history'] : []),
    ...(entry === undefined ? [] : checkEntry(entry, job, lost || deaths.listeners.has(runner))),
  ];
}

function checkEntry({ state, result }: Job, { conclusion }: GitHubJob, mayBeLost: boolean): string[] {
  if (conclusion === 'success' ? state === 'succeeded' : state === 'failed') return [];
  return conclusion === 'failure' && state === 'lost' && mayBeLost
    ? []
    : [`the history says ${state} (${result ?? ''}), GitHub ${conclusion ?? 'nothing'}`];
}

/** What the stopped supervisor has left: at GitHub, in the journal, on disk, among the processes. */
function checkLeft({ github, home, planted }: ChaosSite): string[] {
  const names = github.runners().map(({ name }) => name);
  const folder = path.join(home.path, 'runners');
  const { store } = openStore(path.join(home.path, 'state.db'));
  try {
    return [
      ...planted.foreign.flatMap((name) =>
        names.includes(name) ? [] : [`The foreign runner ${name} is gone.`],
      ),
      ...names.flatMap((name) => (planted.foreign.includes(name) ? [] : [`${name} is left at GitHub.`])),
      ...store.runners().map(({ name }) => `The journal still has the runner ${name}.`),
      ...(existsSync(folder) ? readdirSync(folder) : []).map((name) => `The folder runners/${name} is left.`),
      ...marked(home.path).map(
        ({ pid, runner, command }) => `Process ${pid} of ${runner} is left: ${command}`,
      ),
    ];
  } finally {
    store.close();
  }
}
