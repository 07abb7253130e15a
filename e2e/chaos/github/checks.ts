/** What must hold after everything: each sentence is one violation. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../../src-main/adapters/db/open.ts';
import type { Job as Row } from '../../../src-main/contract/job.ts';
import { marked } from '../../support/processes.ts';
import { type Entry, readLedger } from '../ledger.ts';
import { type KilledAgent, type Part, struck } from './agents.ts';
import type { Killed } from './kills.ts';
import type { Ended, Load } from './load.ts';
import type { Lost } from './lost.ts';
import { ours, type Site } from './site.ts';

/** Rows enough for any run. */
const all = 100_000;

/** What the stopped supervisor has left: at GitHub, in the journal, on disk, among the processes. */
export function checkEverything(site: Site, load: Load, killed: Killed, lost: Lost): string[] {
  const { store, problem } = openStore(path.join(site.home.path, 'state.db'));
  try {
    const history = new History(store.jobs(all).rows.map(({ job }) => job));
    const ledger = readLedger(site.ledger);
    return [
      ...(problem === null ? [] : [problem.message]),
      ...load.open.map(({ id, name, status }) => `Job ${id} (${name}) is ${status} at GitHub.`),
      ...load.ended.flatMap((job) => {
        const entry = ledger.get(job.key) ?? null;
        return checkJob(site, job, { rows: history.of(job), entry, killed }).map(
          (what) => `Job ${job.id} (${job.name}): ${what}`,
        );
      }),
      ...killed.violations,
      ...lost.violations,
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

/** The rows of the history, found by job. */
export class History {
  readonly #byId = new Map<string, Row[]>();
  readonly #byRunner = new Map<string, Row[]>();

  /** One of which GitHub did not say in time what it is stands there by its name and its runner's; `-2` is a second time. */
  constructor(rows: readonly Row[]) {
    for (const row of rows) {
      const isNamed = row.id.startsWith('gh-');
      const [index, key] = isNamed
        ? [this.#byId, row.id.replace(/^(gh-\d+)-\d+$/, '$1')]
        : [this.#byRunner, row.runner ?? ''];
      index.set(key, [...(index.get(key) ?? []), row]);
    }
  }

  of({ id, name, runner }: Pick<Ended, 'id' | 'name' | 'runner'>): readonly Row[] {
    const unnamed = this.#byRunner.get(runner ?? '') ?? [];
    return [
      ...(this.#byId.get(`gh-${id}`) ?? []),
      ...unnamed.filter((row) => row.name.endsWith(`· ${name}`) || row.name === name),
    ];
  }
}

interface Seen {
  /** Of the history. */
  readonly rows: readonly Row[];
  readonly entry: Entry | null;
  readonly killed: Killed;
}

function checkJob(site: Site, job: Ended, { rows, entry, killed }: Seen): string[] {
  const begun = entry?.pids.length ?? 0;
  const given = site.github.jobRuns.get(job.id) ?? 0;
  if (begun > 1 || given > 1) return [`it began ${begun} times, and was given out ${given} times`];
  const kills = killed.agents.filter((each) => struck(each, job));
  const isEndedAtOnce = killed.atOnce.some(
    ({ runner, at }) => runner === job.runner && at <= (job.completedAt ?? 0),
  );
  const isHit = kills.length > 0 || isEndedAtOnce;
  // Its agent was killed, or made to hear nothing, by this test between taking it and starting it.
  if (begun === 0 && job.conclusion === 'failure' && isHit && rows.length === 0) return [];
  // Cancelled before anybody took it.
  if (given === 0)
    return job.conclusion === 'cancelled' ? [] : [`it is ${job.conclusion}, and nobody ran it`];
  const [row] = rows;
  if (row === undefined) return [`it ran (${job.conclusion}), and the history does not know it`];
  if (rows.length > 1)
    return [`the history has it ${rows.length} times: ${rows.map(({ id }) => id).join(', ')}`];
  if (isEndedAtOnce) return checkBroken(row, job);
  if (job.conclusion === 'failure' && kills.length > 0) return checkKilled(row, entry, partOf(kills));
  return checkOutcome(job, row, entry);
}

/** The owner ended its runner at once: it may have been ended with it, and nobody waited for what GitHub knows of it. */
function checkBroken({ state, result }: Row, { conclusion }: Ended): string[] {
  const isWell = state === 'succeeded';
  if (state === 'lost' || isWell === (conclusion === 'success')) return [];
  return [
    `its runner was ended at once: it is ${conclusion} at GitHub and ${state} in the history (${result})`,
  ];
}

/** One after the other is both. */
function partOf(kills: readonly KilledAgent[]): Part {
  const [part, ...more] = new Set(kills.map((kill) => kill.part));
  return part === undefined || more.length > 0 ? 'both' : part;
}

/** Of a worker that was killed its listener tells that it failed; where both were, it is said that it was lost. */
function checkKilled({ state, result }: Row, entry: Entry | null, part: Part): string[] {
  const failed = state === 'failed';
  if (part === 'worker' ? failed : entry?.ends[0] === 1 && failed) return [];
  // Without a listener a worker that has not been told its job yet ends too.
  if ((part === 'both' || entry === null) && state === 'lost') return [];
  return [`its ${part} was killed, and it is ${state} in the history (${result})`];
}

function checkOutcome(job: Ended, row: Row, entry: Entry | null): string[] {
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
  return foreign
    .filter((runner) => !left.has(runner))
    .map(({ scope }) => `The foreign runner at ${scope} is gone.`);
}

function foldersOf({ home }: Site): readonly string[] {
  const runners = path.join(home.path, 'runners');
  return existsSync(runners) ? readdirSync(runners) : [];
}
