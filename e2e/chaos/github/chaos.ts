/**
 * `npm run chaos:github`: jobs of several repositories arrive at a double of GitHub while it fails and lies and while
 * the supervisor and its agents are killed. Afterwards each job must have run once, nothing may be left over, nothing of
 * others may have been touched, and no secret may ever have been seen. Ends with 1 on any violation; the evidence is kept.
 * `--jobs N --kills N --seed N`; `--limit N` is GitHub's limit of requests an hour, for long runs.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { columns } from '../../support/columns.ts';
import { randomOf } from '../random.ts';
import { budgetOf } from './budget.ts';
import { finish, type Finished } from './finish.ts';
import { type Killed, killAll } from './kills.ts';
import { Load } from './load.ts';
import { SecretWatch } from './secrets.ts';
import { makeSite, plantGhosts, removeSite, type Site } from './site.ts';
import { makeTrouble, type Trouble } from './trouble.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    limit: { type: 'string', default: '50000' },
  },
});

function number(name: keyof typeof values): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${name} takes a whole number, not "${values[name]}".`);
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

interface Result extends Finished {
  readonly site: Site;
  readonly load: Load;
  readonly killed: Killed;
  readonly trouble: Trouble;
  readonly secrets: SecretWatch;
}

async function run(jobs: number, kills: number, seed: number): Promise<Result> {
  const site = await makeSite(number('limit'));
  const load = new Load(site);
  const secrets = new SecretWatch(site);
  await site.supervisor.start();
  await plantGhosts(site);
  const watching = secrets.watch();
  const telling = setInterval(() => say(`${load.done} of ${jobs} jobs are done`), 10_000);
  const asking = askOften(site, secrets);
  const trouble = makeTrouble(site, randomOf(seed + 1));
  const [killed] = await Promise.all([
    killAll(site, load, { kills, jobs }, randomOf(seed + 2)),
    load.queueAll(jobs, randomOf(seed)),
  ]);
  await trouble.end();
  const finished = await finish(site, load, killed);
  clearInterval(telling);
  asking.end();
  secrets.end();
  await watching;
  return { ...finished, site, load, killed, trouble, secrets };
}

/** What the program tells everybody is read as often as a window would. */
function askOften(site: Site, secrets: SecretWatch): { end(): void } {
  const stop = new AbortController();
  const reading = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const snapshot = await site.link
        .connected()
        .then((control) => control.snapshot())
        .catch(() => null);
      if (snapshot !== null) secrets.text('the snapshot', JSON.stringify(snapshot));
      await sleep(1000);
    }
  };
  void reading();
  return { end: () => stop.abort() };
}

function tell(
  { site, load, killed, trouble, secrets, ghostsGone }: Result,
  violations: readonly string[],
): void {
  const count = (conclusion: string): string =>
    String(load.jobs.filter((job) => job.conclusion === conclusion).length);
  const waits = load.jobs
    .flatMap(({ createdAt, startedAt }) => (startedAt === null ? [] : [startedAt - createdAt]))
    .sort((a, b) => a - b);
  const rows: (readonly string[])[] = [
    ['jobs', String(load.queued.length)],
    ...['success', 'failure', 'cancelled'].map((conclusion) => [`  ${conclusion}`, count(conclusion)]),
    ['  from queued to taken, median', `${waits[waits.length >> 1] ?? 0} ms`],
    ['kill -9 of the supervisor', String(killed.supervisors)],
    ['  of these while starting', String(killed.starting)],
    ['kill -9 of an agent', String(killed.agents.length)],
    ['  of these with its worker', String(killed.whole.length)],
    ...[...trouble.counts].sort().map(([what, times]) => [`GitHub or the owner: ${what}`, String(times)]),
    ['jobs handed over as their runner was deleted', String(site.github.world.lateHandovers)],
    ['registrations without a runner were gone after', `${(ghostsGone / 1000).toFixed(1)} s`],
    ['looks for secrets', String(secrets.looks)],
    ...budgetOf(site.github.requests, number('limit')).rows,
    ['violations', String(violations.length)],
  ];
  process.stdout.write(`${columns(rows)}\n\n`);
}

function keepEvidence({ site, load, killed }: Result): void {
  const keep = (name: string, lines: readonly unknown[]): void => {
    writeFileSync(path.join(site.dir, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  keep('requests', site.github.requests);
  keep('killed-agents', killed.agents);
  keep(
    'jobs',
    load.jobs.map(({ id, name, status, conclusion, createdAt, startedAt, completedAt, runner }) => ({
      ...{ id, name, status, conclusion, createdAt, startedAt, completedAt },
      runner: runner?.name ?? null,
    })),
  );
  say(`The evidence is in ${site.dir}.`);
}

async function main(): Promise<void> {
  const seed = number('seed');
  say(`seed ${seed}`);
  const result = await run(number('jobs'), number('kills'), seed);
  const { site } = result;
  const violations = [
    ...result.violations,
    ...result.secrets.found,
    ...budgetOf(site.github.requests, number('limit')).violations,
  ];
  tell(result, violations);
  for (const violation of violations) say(`  ${violation}`);
  if (violations.length === 0) await removeSite(site);
  else keepEvidence(result);
  await site.github.close();
  process.stdout.write(
    violations.length === 0
      ? `no violation (seed ${seed})\n`
      : `${violations.length} violations (seed ${seed})\n`,
  );
  process.exitCode = violations.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
