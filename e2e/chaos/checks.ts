/** What must hold after everything: each sentence is one violation. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../src-main/adapters/db/open.ts';
import type { Job } from '../../src-main/contract/job.ts';
import type { JobRow, StoredEvent } from '../../src-main/core/ports.ts';
import { marked } from '../support/processes.ts';
import { git, jobRefs } from '../support/repository.ts';
import type { ChaosJob } from './job.ts';
import { type Entry, readLedger } from './ledger.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

/** Rows enough for any run. */
const all = 10_000;

/** What the stopped supervisor has left: in the journal, on disk, in the repositories, among the processes. */
export function checkEverything(site: Site, load: Load): string[] {
  const { store, problem } = openStore(path.join(site.home.path, 'state.db'));
  try {
    const { rows } = store.jobs(all);
    const events = store.events(0, all * 10);
    return [
      ...(problem === null ? [] : [problem.message]),
      ...load.changed,
      ...checkJobs(rows, events, site, load),
      ...store.runners().map((r) => `The journal still has the runner ${r.name}.`),
      ...store.refs().map((r) => `The journal still has ${r.ref} in ${r.repository}.`),
      ...checkDisk(rows, site),
      ...marked(site.home.path).map((p) => `Process ${p.pid} of ${p.runner} is left: ${p.command}`),
    ];
  } finally {
    store.close();
  }
}

function checkJobs(
  rows: readonly JobRow[],
  events: readonly StoredEvent[],
  site: Site,
  load: Load,
): string[] {
  const ledger = readLedger(site.folders.ledger);
  const byId = new Map(rows.map((row) => [row.job.id, row]));
  const outcomes = new Map<string, number>();
  for (const { kind, subject } of events) {
    if (kind === 'job' && subject !== null) outcomes.set(subject, (outcomes.get(subject) ?? 0) + 1);
  }
  return [
    ...checkSubmitted(byId, load),
    ...[...ledger].flatMap(([id, { key }]) =>
      byId.has(id) ? [] : [`A job ${id} (${key}) ran and is in no row.`],
    ),
    ...rows.flatMap((row) => {
      const { id } = row.job;
      const job = load.submitted.get(row.submission?.env['CHAOS_KEY'] ?? '')?.job;
      if (job === undefined) return [`Job ${id} was submitted by nobody.`];
      const said = checkOutcome(row.job, job, ledger.get(id) ?? null, load);
      const events = outcomes.get(id) ?? 0;
      const all = events === 1 ? said : [...said, `it has ${events} outcomes in the history`];
      return all.map((what) => `Job ${id} (${job.key}, ${job.kind}, attempt ${row.job.attempt}): ${what}`);
    }),
  ];
}

/** Each accepted job is there; each that may have been accepted is there at most once. */
function checkSubmitted(byId: ReadonlyMap<string, JobRow>, load: Load): string[] {
  const firsts = new Map<string, string[]>();
  for (const { job, submission } of byId.values()) {
    const key = submission?.env['CHAOS_KEY'] ?? '';
    if (job.retryOf === null) firsts.set(key, [...(firsts.get(key) ?? []), job.id]);
  }
  return [...load.submitted].flatMap(([key, { accepted }]) => {
    const ids = firsts.get(key) ?? [];
    if (ids.length > 1) return [`${key} became ${ids.length} jobs: ${ids.join(', ')}`];
    if (accepted !== null && ids[0] !== accepted) return [`${key} was accepted as ${accepted} and is lost.`];
    return [];
  });
}

function checkOutcome(row: Job, job: ChaosJob, entry: Entry | null, load: Load): string[] {
  const begun = entry?.pids.length ?? 0;
  const own = entry?.ends[0];
  const what = `${row.state}, exit ${row.exitCode}, by ${row.endedBy}`;
  if (begun > 1) return [`it began ${begun} times`];
  if (row.endedAt === null) return [`it has no outcome: ${row.state}`];
  if (row.state === 'lost') return [`it was lost: ${row.result}`];
  if (row.state === 'cancelled')
    return load.cancelled.has(row.id) ? [] : ['it is cancelled, and nobody asked for it'];
  if (row.endedBy === 'time-limit') return job.limited ? [] : ['it has no time limit, and reached it'];
  if (row.endedBy !== 'job') return [`it did not end by itself: ${what}, ${row.result}`];
  if (begun === 0) return [`it never began: ${what}`];
  if (own !== row.exitCode) return [`it ended with ${own ?? 'nothing'}, recorded is: ${what}`];
  if ((row.exitCode === 0) !== (row.state === 'succeeded')) return [`its code and its state differ: ${what}`];
  if (job.kind === 'source' && row.exitCode !== 0) return ['it ran on other files than were submitted'];
  return checkAttempts(row, job, load);
}

function checkAttempts(row: Job, { submission }: ChaosJob, load: Load): string[] {
  const again = row.state === 'failed' && row.attempt <= submission.retries;
  // One that was to be cancelled, and failed by itself just before, may go either way.
  if (again && row.retriedAs === null && !load.cancelled.has(row.id))
    return ['it failed and was not tried again'];
  if (!again && row.retriedAs !== null) return ['it was tried again for no reason'];
  return [];
}

function checkDisk(rows: readonly JobRow[], site: Site): string[] {
  const { home, folders } = site;
  const known = new Set(rows.map((row) => row.job.id));
  const inside = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir) : []);
  const status = git(folders.repository, 'status', '--porcelain');
  return [
    ...inside(path.join(home.path, 'runners')).map((name) => `The folder runners/${name} is left.`),
    ...inside(path.join(home.path, 'jobs')).flatMap((id) => [
      ...(known.has(id) ? [] : [`The folder jobs/${id} belongs to no job.`]),
      ...(existsSync(path.join(home.path, 'jobs', id, 'source'))
        ? [`The copy jobs/${id}/source is left.`]
        : []),
    ]),
    ...jobRefs(folders.repository).map((ref) => `The ref ${ref} is left.`),
    ...(status === 'M tracked.txt' ? [] : [`The repository was changed: ${status}`]),
  ];
}

/** While the supervisor still runs: outputs were kept whole, logs can be read. */
export async function checkKept(site: Site, load: Load): Promise<string[]> {
  const found: string[] = [];
  const control = await site.link.connected();
  for (const { job, accepted } of load.submitted.values()) {
    const outcome = accepted === null ? undefined : load.outcomes.get(accepted);
    if (outcome?.endedBy !== 'job') continue;
    const log = { job: outcome.id, runner: null, cursor: 0, follow: false };
    let text = '';
    for await (const item of control.stream('log', log, new AbortController().signal)) {
      if (text.length < 4096) text += Buffer.from(item.data, 'base64').toString();
    }
    if (!text.includes(`output of ${job.key}\n`))
      found.push(`The log of ${outcome.id} (${job.kind}) is not there.`);
    if (job.kind !== 'outputs' || outcome.state !== 'succeeded') continue;
    const to = path.join(site.dir, 'outputs', outcome.id);
    await site.link.ask('job.get', { job: outcome.id, to });
    found.push(...checkOutputs(to, job.key));
  }
  return found;
}

function checkOutputs(to: string, key: string): string[] {
  const file = readdirSync(to, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('key.txt'),
  );
  const text = file === undefined ? 'nothing' : readFileSync(path.join(to, file), 'utf8');
  return text === `${key}\n` ? [] : [`The output of ${key} in ${to} is ${text}`];
}
