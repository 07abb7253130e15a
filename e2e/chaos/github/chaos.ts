/**
 * `npm run chaos:github`: jobs of several repositories arrive at a double of GitHub while it fails and lies and while
 * the supervisor and its agents are killed. Afterwards each job must have run once, nothing may be left over, nothing of
 * others may have been touched, and no secret may ever have been seen. Ends with 1 on any violation; the evidence is kept.
 * `--jobs N --kills N --seed N`; `--limit N` is GitHub's limit of requests an hour: as many times the
 * usual one as there are more jobs than one account has.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { columns } from '../../support/columns.ts';
import { randomOf } from '../random.ts';
import { finish, type Finished } from './finish.ts';
import { type Killed, killAll } from './kills.ts';
import { Load, placeLabels } from './load.ts';
import { Lost } from './lost.ts';
import { SecretWatch } from './secrets.ts';
import { makeSite, plantGhosts, removeSite, type Site } from './site.ts';
import { makeTrouble, type Trouble } from './trouble.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '200' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    limit: { type: 'string', default: '150000' },
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
  readonly lost: Lost;
  readonly trouble: Trouble;
  readonly secrets: SecretWatch;
}

async function run(jobs: number, kills: number, seed: number): Promise<Result> {
  const site = await makeSite(number('limit'));
  const load = new Load(site);
  const lost = new Lost(site, load);
  const secrets = new SecretWatch(site);
  await site.supervisor.start();
  await plantGhosts(site);
  const watching = secrets.watch();
  const running = lost.watch();
  const telling = setInterval(() => tellProgress(load, jobs), 10_000);
  const asking = askOften(site, secrets);
  const trouble = makeTrouble(site, load, randomOf(seed + 1));
  const [killed] = await Promise.all([
    killAll(site, load, { kills, jobs }, randomOf(seed + 2)),
    load.queueAll(jobs, randomOf(seed)),
  ]);
  await trouble.end();
  lost.end();
  await running;
  const finished = await finish(site, load, killed, lost);
  clearInterval(telling);
  asking.end();
  secrets.end();
  await watching;
  await site.traffic.end();
  return { ...finished, site, load, killed, lost, trouble, secrets };
}

function tellProgress(load: Load, jobs: number): void {
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  say(
    `${load.done} of ${jobs} jobs are done, ${load.pace.toFixed(2)} a second; the test takes ${memory} MiB`,
  );
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

function rowsOf(result: Result, violations: readonly string[]): (readonly string[])[] {
  const { site, load, killed, lost, trouble, secrets, ghostsGone } = result;
  const ended = (conclusion: string): string =>
    String(load.ended.filter((job) => job.conclusion === conclusion).length);
  const parts = (part: string): string => String(killed.agents.filter((each) => each.part === part).length);
  const waits = load.ended
    .flatMap(({ createdAt, startedAt }) => (startedAt === null ? [] : [startedAt - createdAt]))
    .sort((a, b) => a - b);
  const handovers = site.github.world.lateHandovers;
  const perHundred = ((handovers / Math.max(1, load.queued)) * 100).toFixed(1);
  return [
    ['jobs', String(load.queued)],
    ...['success', 'failure', 'cancelled'].map((conclusion) => [`  ${conclusion}`, ended(conclusion)]),
    ...placeLabels.map((label) => [
      `  of the pool ${label}`,
      String(load.ended.filter(({ pool }) => pool === label).length),
    ]),
    ['  a second', load.pace.toFixed(2)],
    ['  from queued to taken, median', `${waits[waits.length >> 1] ?? 0} ms`],
    ['kill -9 of the supervisor', String(killed.supervisors)],
    ['  of these while starting', String(killed.starting)],
    ...[...killed.points].sort().map(([point, times]) => [`died at the fault point ${point}`, String(times)]),
    ['ended in the ordinary way', String(killed.stops)],
    ['kill -9 of a listener alone', parts('listener')],
    ['  of a worker alone', parts('worker')],
    ['  of both', parts('both')],
    ['runners that the owner ended at once', String(killed.atOnce.length)],
    ['jobs told as lost', String(lost.told.size)],
    ['  of these run again', String(lost.again)],
    ...[...trouble.counts].sort().map(([what, times]) => [`GitHub or the owner: ${what}`, String(times)]),
    ['jobs handed over as their runner was ended', `${handovers} (${perHundred} per 100 jobs)`],
    ['registrations without a runner were gone after', `${(ghostsGone / 1000).toFixed(1)} s`],
    ['looks for secrets', String(secrets.looks)],
    [
      '  at processes, at what files had new, at snapshots',
      `${secrets.processes}, ${secrets.files}, ${secrets.texts}`,
    ],
    ['  for so many pieces of secrets', String(site.issued.count)],
    ...site.traffic.rows(),
    ['violations', String(violations.length)],
  ];
}

function keepEvidence({ site, load, killed, lost }: Result): void {
  const keep = (name: string, lines: readonly unknown[]): void => {
    writeFileSync(path.join(site.dir, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  keep('killed-agents', [...killed.agents, ...killed.atOnce]);
  keep('jobs', load.ended);
  keep('lost', [...lost.told]);
  keep('missed', [...site.github.world.missed]);
  say(`The evidence is in ${site.dir}.`);
}

async function main(): Promise<void> {
  const seed = number('seed');
  say(`seed ${seed}`);
  const result = await run(number('jobs'), number('kills'), seed);
  const { site } = result;
  const violations = [...result.violations, ...result.secrets.violations(), ...site.traffic.violations()];
  process.stdout.write(`${columns(rowsOf(result, violations))}\n\n`);
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
