/** The end of a scenario: everything comes to rest, the supervisor drains and goes, and all is checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { checkEverything, checkKept } from './checks.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

const restMs = 180_000;
const stopMs = 60_000;

/** Waits for all outcomes, stops the supervisor in the ordinary way, and gives the violations. */
export async function finish(site: Site, load: Load): Promise<string[]> {
  await load.end();
  await site.link.ask('resume', { pool: null });
  const stuck = await rest(site, load);
  const kept = await checkKept(site, load);
  const stopped = await stop(site);
  return [...stuck, ...kept, ...stopped, ...checkEverything(site, load)];
}

async function rest(site: Site, load: Load): Promise<string[]> {
  for (const end = performance.now() + restMs; ;) {
    const { jobs } = await site.link.ask('job.list', { limit: 10_000 });
    const open = jobs.filter((job) => job.endedAt === null);
    if (open.length === 0) {
      await load.look(10_000);
      return [];
    }
    if (performance.now() > end) {
      const why = await Promise.all(open.map((job) => site.link.ask('why', { job: job.id })));
      return why.map(({ job, why: reasons }) => `Job ${job.id} is still ${job.state}: ${reasons.join(' ')}`);
    }
    await sleep(100);
  }
}

async function stop(site: Site): Promise<string[]> {
  const { running } = site.supervisor;
  const ended = running.stop();
  const late = sleep(stopMs, null, { ref: false });
  const done = await Promise.race([ended, late]);
  if (done === null) await running.kill();
  site.supervisor.note();
  if (done === null) return [`The supervisor did not end within ${stopMs / 1000} s of SIGTERM.`];
  return done.code === 0 ? [] : [`The supervisor ended with ${done.code ?? done.signal}: ${done.stderr}`];
}
