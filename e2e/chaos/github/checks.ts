/** What must hold after everything: each sentence is one violation. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../../src-main/adapters/db/open.ts';
import type { Job as Row } from '../../../src-main/contract/job.ts';
import type { Job } from '../../support/github/model.ts';
import { marked } from '../../support/processes.ts';
import { type Entry, readLedger } from '../ledger.ts';
import type { Killed } from './kills.ts';
import { keyOf, type Load } from './load.ts';
import { ours, type Site } from './site.ts';

/** Rows enough for any run. */
const all = 100_000;

/** What the stopped supervisor has left: at GitHub, in the journal, on disk, among the processes. */
export function checkEverything(site: Site, load: Load, killed: Killed): string[] {
  const { store, problem } = openStore(path.join(site.home.path, 'state.db'));
  try {
    const rows = store.jobs(all).rows.map(({ job }) => job);
    const ledger = readLedger(site.ledger);
    return [
      ...(problem === null ? [] : [problem.message]),
      ...load.jobs.flatMap((job) => {
        const entry = ledger.get(keyOf(job)) ?? null;
        const seen = { rows: rows.filter((row) => isOf(row, job)), entry, killed };
        return checkJob(site, job, seen).map((what) => `Job ${job.id} (${job.name}): ${what}`);
      }),
      ...site.github.violations.map(
        (what) => `GitHub was asked what its description does not allow: ${what}`,
      ),
      ...ours(site).map((name) => `The runner ${name} is left at GitHub.`),
      ...checkForeign(site),
      ...store.runners().map(({ name }) => `The journal still has the runner ${name}.`),
      ...foldersOf(site).map((name) => `The folder runners/${name} is left.`),
      ...marked(site.home.path).map((p) => `Process ${p.pid} of ${p.runner} is left: ${p.command}`),
    ];
  } finally {
    store.close();
  }
}

/** One of which GitHub did not say in time what it is stands there by its name and its runner's; `-2` is a second time. */
export const isOf = (row: Row, job: Job): boolean =>
  row.id.replace(/^(gh-\d+)-\d+$/, '$1') === `gh-${job.id}` ||
  (!row.id.startsWith('gh-') && row.runner === job.runner?.name && row.name.endsWith(job.name));

interface Seen {
  /** Of the history. */
  readonly rows: readonly Row[];
  readonly entry: Entry | null;
  readonly killed: Killed;
}

function checkJob(site: Site, job: Job, { rows, entry, killed }: Seen): string[] {
  const begun = entry?.pids.length ?? 0;
  const given = site.github.jobRuns.get(job.id) ?? 0;
  if (begun > 1 || given > 1) return [`it began ${begun} times, and was given out ${given} times`];
  if (job.status !== 'completed') return [`it is ${job.status} at GitHub`];
  const runner = job.runner?.name ?? '';
  // Its agent was killed by this test between taking it and starting it.
  if (begun === 0 && job.conclusion === 'failure' && killed.agents.includes(runner)) return [];
  // Cancelled before anybody took it.
  if (given === 0)
    return job.conclusion === 'cancelled' ? [] : [`it is ${job.conclusion}, and nobody ran it`];
  const [row] = rows;
  if (row === undefined) return [`it ran (${job.conclusion}), and the history does not know it`];
  if (rows.length > 1)
    return [`the history has it ${rows.length} times: ${rows.map(({ id }) => id).join(', ')}`];
  if (job.conclusion === 'failure' && killed.whole.includes(runner)) return checkLost(row, entry);
  return checkOutcome(job, row, entry);
}

/** Its worker was killed: then it is said that it was lost, unless it had just failed by itself. */
function checkLost({ state, result }: Row, entry: Entry | null): string[] {
  if (state === 'lost' || (state === 'failed' && entry?.ends[0] === 1)) return [];
  return [`its worker was killed, and it is ${state} in the history (${result})`];
}

function checkOutcome(job: Job, row: Row, entry: Entry | null): string[] {
  const { conclusion } = job;
  const announced = entry?.ends[0] ?? null;
  const states = { success: 'succeeded', failure: 'failed', cancelled: 'cancelled' } as const;
  const wanted =
    conclusion === 'success' || conclusion === 'failure' || conclusion === 'cancelled'
      ? states[conclusion]
      : null;
  const found: string[] = [];
  if (row.state !== wanted)
    found.push(`it is ${conclusion} at GitHub and ${row.state} in the history (${row.result})`);
  if (conclusion !== 'cancelled' && announced === null)
    found.push(`it was broken off: ${conclusion}, ${row.result}`);
  if (announced === 0 && conclusion === 'failure') found.push('it succeeded and is a failure at GitHub');
  return found;
}

function checkForeign({ github, foreign }: Site): string[] {
  const left = new Set(github.runners());
  const paths = foreign.map(({ id }) => new RegExp(`/actions/runners/${id}(/|\\?|$)`));
  return [
    ...foreign
      .filter((runner) => !left.has(runner))
      .map(({ scope }) => `The foreign runner at ${scope} is gone.`),
    ...github.requests
      .filter(({ method, path }) => method !== 'GET' && paths.some((each) => each.test(path)))
      .map(({ method, path }) => `A foreign runner was touched: ${method} ${path}`),
  ];
}

function foldersOf({ home }: Site): readonly string[] {
  const runners = path.join(home.path, 'runners');
  return existsSync(runners) ? readdirSync(runners) : [];
}
