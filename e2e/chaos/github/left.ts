/** What is left after everything, as plain facts, and what of it must not be: each sentence is one violation. */
import type { Job as Row } from '../../../src-main/contract/job.ts';
import type { Marked } from '../../support/processes.ts';
import type { Entry } from '../ledger.ts';
import { struck } from './agents.ts';
import { History, type Named } from './history.ts';
import type { Killed } from './kills.ts';
import type { Ended } from './load.ts';
import { verdictOn } from './verdict.ts';

export interface Left {
  /** Jobs that wait or run at GitHub. */
  readonly open: readonly (Named & { readonly status: string })[];
  readonly ended: readonly Ended[];
  /** The whole history. */
  readonly rows: readonly Row[];
  readonly log: (row: Row) => string | null;
  /** What the jobs wrote down, by their keys. */
  readonly ledger: ReadonlyMap<string, Entry>;
  /** How often GitHub heard that a job began, and the jobs of whose end nobody told it; by their ids. */
  readonly begun: ReadonlyMap<number, number>;
  readonly missed: ReadonlySet<number>;
  readonly killed: { readonly [K in 'agents' | 'atOnce']: Readonly<Killed[K]> };
  /** Names of our runners that are still registered, and scopes of foreign ones that are not. */
  readonly registered: readonly string[];
  readonly foreignGone: readonly string[];
  /** What was asked of GitHub and is not in its description. */
  readonly refused: readonly string[];
  /** Names of runners in the journal, and of their folders. */
  readonly journal: readonly string[];
  readonly folders: readonly string[];
  readonly processes: readonly Marked[];
}

export function violationsOf(left: Left): string[] {
  return [
    ...left.open.map(({ id, name, status }) => `Job ${id} (${name}) is ${status} at GitHub.`),
    ...checkJobs(left),
    ...left.refused.map((what) => `GitHub was asked what its description does not allow: ${what}`),
    ...left.registered.map((name) => `The runner ${name} is left at GitHub.`),
    ...left.foreignGone.map((scope) => `The foreign runner at ${scope} is gone.`),
    ...left.journal.map((name) => `The journal still has the runner ${name}.`),
    ...left.folders.map((name) => `The folder runners/${name} is left.`),
    ...left.processes.map((p) => `Process ${p.pid} of ${p.runner} is left: ${p.command}`),
  ];
}

function checkJobs(left: Left): string[] {
  const { open, ended, ledger, begun, missed, killed, log } = left;
  const history = new History(left.rows);
  const keys = new Set(ended.map(({ key }) => key));
  return [
    ...ended.flatMap((job) =>
      verdictOn(job, {
        rows: history.of(job),
        entry: ledger.get(job.key) ?? null,
        given: begun.get(job.id) ?? 0,
        isMissed: missed.has(job.id),
        kills: killed.agents.filter((each) => struck(each, job)),
        isEndedAtOnce: killed.atOnce.some(
          ({ runner, at }) => runner === job.runner && at <= (job.completedAt ?? 0),
        ),
        log,
      }).map((what) => `Job ${job.id} (${job.name}): ${what}`),
    ),
    ...history
      .besides([...open, ...ended])
      .map(({ id, name, state }) => `The history has ${id} (${name}, ${state}), which is no job of GitHub.`),
    ...[...ledger.keys()]
      .filter((key) => open.length === 0 && !keys.has(key))
      .map((key) => `${key} ran, and is no job of GitHub.`),
  ];
}
