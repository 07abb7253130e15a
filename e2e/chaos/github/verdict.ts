/** What became of one job, by all that was seen of it: each sentence is one violation. */
import { isOpen, type Job as Row, type JobState } from '../../../src-main/contract/job.ts';
import type { Entry } from '../ledger.ts';
import { isBegunIn, toldOf } from './agent-log.ts';
import { inFlightMs, type KilledAgent } from './agents.ts';
import type { Ended } from './load.ts';

export interface Seen {
  /** Of the history. */
  readonly rows: readonly Row[];
  /** What the job itself wrote down. */
  readonly entry: Entry | null;
  /** How often GitHub heard that it began. */
  readonly given: number;
  /** Nobody told GitHub of its end: it was missed. */
  readonly isMissed: boolean;
  /** Kills of its agent while it had this job. */
  readonly kills: readonly KilledAgent[];
  /** The owner ended its runner at once. */
  readonly isEndedAtOnce: boolean;
  /** What its agent said, as it is kept with the job; null: nothing is kept. */
  readonly log: (row: Row) => string | null;
}

/** How the history calls what GitHub, and what an agent, calls otherwise. */
const byGitHub: Readonly<Partial<Record<string, JobState>>> = {
  success: 'succeeded',
  failure: 'failed',
  cancelled: 'cancelled',
};
const byAgent: Readonly<Partial<Record<string, JobState>>> = {
  Succeeded: 'succeeded',
  SucceededWithIssues: 'succeeded',
  Failed: 'failed',
  Canceled: 'cancelled',
};

export function verdictOn(job: Ended, seen: Seen): string[] {
  const { rows, entry, given } = seen;
  const begun = entry?.pids.length ?? 0;
  if (begun > 1 || given > 1) return [`it began ${begun} times, and was given out ${given} times`];
  if (rows.length > 1)
    return [`the history has it ${rows.length} times: ${rows.map(({ id }) => id).join(', ')}`];
  const [row] = rows;
  if (begun === 0 && given === 0) return checkUnbegun(job, row, seen);
  if (row === undefined) return [`it ran (${job.conclusion}), and the history does not know it`];
  return checkEnd(job, row, seen);
}

/** It was cancelled before, or its agent was killed or made to hear nothing between taking it and starting it. */
function checkUnbegun(job: Ended, row: Row | undefined, seen: Seen): string[] {
  const { conclusion } = job;
  if (conclusion === 'cancelled') {
    if (row === undefined || row.state === 'cancelled') return [];
    return [`it was cancelled before it began, and is ${row.state} in the history (${row.result})`];
  }
  const isHit = seen.isEndedAtOnce || seen.kills.some(({ part }) => part !== 'worker');
  if (conclusion !== 'failure' || !isHit || !seen.isMissed) return [`it is ${conclusion}, and nobody ran it`];
  return row === undefined ? [] : checkEnd(job, row, seen);
}

function checkEnd(job: Ended, row: Row, seen: Seen): string[] {
  if (isOpen(row) || row.endedAt === null) return [`it is still ${row.state} in the history`];
  const kept = row.state === 'lost' ? checkLost(job.name, row, seen.log(row)) : [];
  if (seen.isEndedAtOnce) return [...kept, ...checkBroken(job, row, seen)];
  if (job.conclusion === 'failure' && seen.kills.length > 0) return [...kept, ...checkKilled(job, row, seen)];
  return [...kept, ...checkOutcome(job, row, seen)];
}

/** A job that was lost is told with the last lines of its log, and with what can be done. */
export function checkLost(name: string, { result }: Row, log: string | null): string[] {
  return [
    ...(log !== null && isBegunIn(log, name) ? [] : ['it was lost, and its last lines are not kept']),
    ...(result?.includes('Run it again') === true
      ? []
      : [`it was lost, and nothing is said of running it again: ${result}`]),
  ];
}

/** What its agent told counts; where it told nothing, nobody waited for what GitHub knows of it. */
function checkBroken(job: Ended, row: Row, seen: Seen): string[] {
  const { conclusion } = job;
  const told = toldIn(seen, job, row);
  const right = told === null ? ['lost', byGitHub[conclusion ?? '']] : [byAgent[told]];
  const isLike = row.state === 'lost' || (row.state === 'succeeded') === (conclusion === 'success');
  if (right.includes(row.state) && isLike) return [];
  return [
    `its runner was ended at once, its agent told ${told ?? 'nothing'}: it is ${conclusion} at GitHub and ${row.state} in the history (${row.result})`,
  ];
}

/** Who was left to tell how it ended decides whether it failed or was lost. */
function checkKilled(job: Ended, row: Row, seen: Seen): string[] {
  const told = toldIn(seen, job, row);
  if (rightOf(job, told, seen).includes(row.state)) return [];
  const parts = [...new Set(seen.kills.map(({ part }) => part))].join(' and ');
  const how = seen.isMissed ? 'missed it' : 'was told';
  return [
    `of its agent was killed: ${parts}; its agent told ${told ?? 'nothing'}, GitHub ${how}, and it is ${row.state} in the history (${row.result})`,
  ];
}

/** The states that are right for a job that has failed at GitHub, and whose agent was killed. */
function rightOf(job: Ended, told: string | null, { kills, entry, isMissed }: Seen): readonly JobState[] {
  // The listener tells of each end that it sees, also where its worker was killed.
  if (told !== null) return told === 'Failed' ? ['failed'] : [];
  if (kills.every(({ part }) => part === 'worker')) return [];
  const isWorkerKilled = kills.some(({ part }) => part !== 'listener');
  // Without a listener a worker that has not been told its job yet ends too; any other goes on and tells GitHub.
  if (isMissed) return isWorkerKilled || entry === null ? ['lost'] : [];
  // GitHub heard of it from the worker, or in the moment of the kill: here nobody can tell the two apart.
  const lastKill = Math.max(...kills.map(({ at }) => at));
  const isInFlight = isWorkerKilled && (job.completedAt ?? Infinity) <= lastKill + inFlightMs;
  return isInFlight ? ['failed', 'lost'] : ['failed'];
}

function toldIn(seen: Seen, { name }: Ended, row: Row): string | null {
  return toldOf(seen.log(row) ?? '', name);
}

function checkOutcome({ conclusion }: Ended, row: Row, { entry, isMissed }: Seen): string[] {
  const announced = entry?.ends[0] ?? null;
  const found: string[] = [];
  if (row.state !== byGitHub[conclusion ?? ''])
    found.push(`it is ${conclusion} at GitHub and ${row.state} in the history (${row.result})`);
  if (conclusion !== 'cancelled' && announced === null)
    found.push(`it was broken off: ${conclusion}, ${row.result}`);
  if (announced === 0 && conclusion === 'failure') found.push('it succeeded and is a failure at GitHub');
  if (announced === 1 && conclusion === 'success') found.push('it failed and is a success at GitHub');
  if (isMissed) found.push('nobody told GitHub of its end, and nobody was killed');
  return found;
}
