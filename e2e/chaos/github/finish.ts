/** The end: every job is done, what is left over goes by its rule, the supervisor drains, and all is checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkAll } from './checks.ts';
import type { Deaths } from './kills.ts';
import type { ChaosSite } from './site.ts';
import type { Work } from './work.ts';

const restMs = 180_000;
/** A ghost is removed after a minute in which it was seen twice. */
const ghostsMs = 100_000;
const stopMs = 90_000;

/** Gives the violations. */
export async function finish(site: ChaosSite, work: Work, deaths: Deaths): Promise<string[]> {
  await site.link.ask('resume', { pool: null });
  const open = await allDone(site, work);
  const ghosts = await ghostsGone(site);
  const { jobs } = await site.link.ask('job.list', { limit: 10_000 });
  const stopped = await stop(site);
  return [...open, ...ghosts, ...stopped, ...checkAll(site, work, deaths, jobs)];
}

/** What `problems` names after so long; nothing as soon as it names nothing. */
async function settled(limitMs: number, problems: () => Promise<string[]>): Promise<string[]> {
  for (const end = performance.now() + limitMs; ;) {
    const left = await problems();
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(200);
  }
}

const allDone = ({ github, link }: ChaosSite, work: Work): Promise<string[]> =>
  settled(restMs, async () => {
    const { jobs } = await link.ask('job.list', { limit: 10_000 });
    return [
      ...work.queued.flatMap(({ id }) => {
        const { status, name, runner } = github.job(id);
        return status === 'completed'
          ? []
          : [`Job ${id} (${name}) is still ${status} at ${runner?.name ?? 'nobody'}.`];
      }),
      ...jobs.flatMap((job) => (job.endedAt === null ? [`Job ${job.id} is still ${job.state} here.`] : [])),
    ];
  });

/** Each registration that names our install is of a runner that is here. */
const ghostsGone = ({ github, link, planted }: ChaosSite): Promise<string[]> =>
  settled(ghostsMs, async () => {
    const { runners } = await link.ask('runner.list', {});
    const here = new Set([...runners.map(({ name }) => name), ...planted.foreign]);
    const names = github.runners().map(({ name }) => name);
    return names
      .filter((name) => !here.has(name) || planted.ghosts.includes(name))
      .map((name) => `${name} is a ghost.`);
  });

async function stop({ supervisor }: ChaosSite): Promise<string[]> {
  const { running } = supervisor;
  const done = await Promise.race([running.stop(), sleep(stopMs, null, { ref: false })]);
  if (done === null) await running.kill();
  supervisor.note();
  if (done === null) return [`The supervisor did not end within ${stopMs / 1000} s of SIGTERM.`];
  return done.code === 0 ? [] : [`The supervisor ended with ${done.code ?? done.signal}: ${done.stderr}`];
}
