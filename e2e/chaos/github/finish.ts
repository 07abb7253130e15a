/** The end: everything comes to rest, ghosts have their minute, the supervisor drains and goes, and all is checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readLedger } from '../ledger.ts';
import { checkEverything } from './checks.ts';
import { History } from './history.ts';
import type { Killed } from './kills.ts';
import type { Ended, Load } from './load.ts';
import type { Lost } from './lost.ts';
import { ours, type Site } from './site.ts';

const restMs = 300_000;
/** Two fresh observations 60 s apart, and the looks before, between and after them. */
const ghostMs = 200_000;
/** Of the jobs of so long ago the history is waited for; at the end all are looked at. */
const recentMs = 20 * 60_000;
const historyMs = 60_000;
const newest = 10_000;
const stopMs = 90_000;

export interface Finished {
  readonly violations: readonly string[];
  /** Milliseconds until the last registration without a runner here was gone. */
  readonly ghostsGone: number;
}

export async function finish(site: Site, load: Load, killed: Killed, lost: Lost): Promise<Finished> {
  await site.link.ask('resume', { pool: null });
  const stuck = await rest(site, load, lost);
  const began = performance.now();
  const ghosts = await withoutGhosts(site);
  const ghostsGone = performance.now() - began;
  const history = await written(site, load);
  const stopped = await stop(site);
  const all = checkEverything(site, load, killed, lost);
  return { violations: [...stuck, ...ghosts, ...history, ...stopped, ...all], ghostsGone };
}

/** Until all jobs have ended at GitHub, those too that are run again. */
async function rest(site: Site, load: Load, lost: Lost): Promise<string[]> {
  const reached = await within(restMs, async () => {
    if (load.open.length > 0) return false;
    // What was lost last may be known only now.
    await lost.look();
    return load.open.length === 0 && lost.waiting === 0;
  });
  if (reached) return [];
  const { waiting, problems, sentence } = await site.home.status();
  return [
    ...load.open.map((job) => {
      const why =
        waiting.find((each) => each.job === `gh-${job.id}`)?.why.join(' ') ?? 'it says nothing of it';
      return `Job ${job.id} (${job.name}) is still ${job.status}: ${why}`;
    }),
    ...(lost.waiting === 0 ? [] : [`${lost.waiting} lost jobs could not be run again.`]),
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
  let missing: readonly Ended[] = load.ended
    .filter(({ key, completedAt }) => begun.has(key) && (completedAt ?? 0) > Date.now() - recentMs)
    .slice(-newest / 2);
  const known = await within(historyMs, async () => {
    const { jobs } = await site.link.ask('job.list', { limit: newest });
    const history = new History(jobs.filter(({ endedAt }) => endedAt !== null));
    missing = missing.filter((job) => history.of(job).length === 0);
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
    await sleep(500);
  }
  return false;
}
