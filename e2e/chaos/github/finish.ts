/** The end: everything comes to rest, ghosts have their minute, the supervisor drains and goes, and all is checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ours, type Site } from './site.ts';
import { keyOf, type Load } from './load.ts';
import { readLedger } from '../ledger.ts';
import { checkEverything, isOf } from './checks.ts';
import type { Killed } from './kills.ts';

const restMs = 300_000;
/** Two fresh observations 60 s apart, and the looks before, between and after them. */
const ghostMs = 200_000;
const historyMs = 60_000;
const stopMs = 90_000;

export interface Finished {
  readonly violations: readonly string[];
  /** Milliseconds until the last registration without a runner here was gone. */
  readonly ghostsGone: number;
}

export async function finish(site: Site, load: Load, killed: Killed): Promise<Finished> {
  await site.link.ask('resume', { pool: null });
  const stuck = await rest(site, load);
  const began = performance.now();
  const ghosts = await withoutGhosts(site);
  const ghostsGone = performance.now() - began;
  const history = await written(site, load);
  const stopped = await stop(site);
  const violations = [...stuck, ...ghosts, ...history, ...stopped, ...checkEverything(site, load, killed)];
  return { violations, ghostsGone };
}

/** Until all jobs have ended at GitHub. */
async function rest(site: Site, load: Load): Promise<string[]> {
  const reached = await within(restMs, () => load.done === load.queued.length);
  if (reached) return [];
  const open = load.jobs.filter((job) => job.status !== 'completed');
  const { waiting, problems, sentence } = await site.home.status();
  return [
    ...open.map((job) => {
      const why =
        waiting.find((each) => each.job === `gh-${job.id}`)?.why.join(' ') ?? 'it says nothing of it';
      return `Job ${job.id} (${job.name}) is still ${job.status}: ${why}`;
    }),
    `It says: ${sentence} ${problems.map(({ message }) => message).join(' ')}`,
  ];
}

/** Until each registration of ours has a runner here. */
async function withoutGhosts(site: Site): Promise<string[]> {
  let ghosts: readonly string[] = [];
  const gone = await within(ghostMs, async () => {
    const here = new Set((await site.link.ask('runner.list', {})).runners.map(({ name }) => name));
    ghosts = ours(site).filter((name) => !here.has(name));
    return ghosts.length === 0;
  });
  return gone ? [] : ghosts.map((name) => `The ghost ${name} is still registered.`);
}

/** Until the history knows how each job that ran here ended. */
async function written(site: Site, load: Load): Promise<string[]> {
  const begun = readLedger(site.ledger);
  const ran = load.jobs.filter((job) => begun.has(keyOf(job)));
  let missing = ran;
  const known = await within(historyMs, async () => {
    const { jobs } = await site.link.ask('job.list', { limit: 10_000 });
    missing = ran.filter((job) => !jobs.some((row) => row.endedAt !== null && isOf(row, job)));
    return missing.length === 0;
  });
  return known ? [] : missing.map(({ id, name }) => `The history does not know how ${id} (${name}) ended.`);
}

async function stop(site: Site): Promise<string[]> {
  site.link.close();
  const { running } = site.supervisor;
  const done = await Promise.race([running.stop(), sleep(stopMs, null, { ref: false })]);
  if (done === null) await running.kill();
  site.supervisor.note();
  if (done === null) return [`The supervisor did not end within ${stopMs / 1000} s of SIGTERM.`];
  return done.code === 0 ? [] : [`The supervisor ended with ${done.code ?? done.signal}: ${done.stderr}`];
}

async function within(limitMs: number, reached: () => Promise<boolean> | boolean): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end;) {
    if (await reached()) return true;
    await sleep(200);
  }
  return false;
}
