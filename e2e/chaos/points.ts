/** Each named fault point once: the supervisor kills itself exactly there, is started again, and all must come right. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPoint } from '../../src-main/core/fault.ts';
import { finish } from './finish.ts';
import { jobOf, type Kind } from './job.ts';
import { readLedger } from './ledger.ts';
import { Load } from './load.ts';
import { randomOf } from './random.ts';
import { addPools, makeSite, type Site } from './site.ts';

export interface PointResult {
  readonly point: FaultPoint;
  /** How many supervisors died there. */
  readonly deaths: number;
  readonly site: Site;
  readonly violations: readonly string[];
}

const reachMs = 40_000;

/** Jobs that pass every step; those to be cancelled while they run are needed for two points only, and take long. */
function kindsFor(point: FaultPoint): readonly Kind[] {
  return point === 'after-signal' || point === 'after-kill'
    ? ['stubborn', 'plain']
    : ['outputs', 'children', 'again'];
}

/** Crashes at `point`; with `twice` the next supervisor crashes there too, if it comes that far. */
export async function crashAt(point: FaultPoint, seed: number, twice: boolean): Promise<PointResult> {
  const site = makeSite();
  const load = new Load(site);
  await site.supervisor.start();
  await addPools(site, { coming: { mode: 'auto', max: 3, idleTimeoutSeconds: 0 } });
  await site.supervisor.running.stop();
  site.supervisor.note();

  const env = { HOMERUNNER_CRASH_AT: point };
  await site.supervisor.start(env);
  const working = work(site, load, kindsFor(point), seed);
  let deaths = await died(site, reachMs);
  if (deaths > 0 && twice) {
    await site.supervisor.start(env);
    deaths += await died(site, 2000);
  }
  if (!site.supervisor.running.alive) await site.supervisor.start();
  else if (twice) await site.supervisor.kill().then(() => site.supervisor.start());
  await working;
  const violations = await finish(site, load);
  return {
    point,
    deaths,
    site,
    violations: deaths > 0 ? violations : [`The point ${point} was not reached.`, ...violations],
  };
}

async function work(site: Site, load: Load, kinds: readonly Kind[], seed: number): Promise<void> {
  await Promise.all(
    kinds.map(async (kind, n) => {
      const random = randomOf(seed + n);
      const id = await load.submit((key) => ({
        ...jobOf(key, kind, site.folders, random),
        cancelAfter: null,
      }));
      if (kind !== 'stubborn') return;
      while (!readLedger(site.folders.ledger).has(id)) await sleep(20);
      await load.cancel(id);
    }),
  );
}

/** 1 once the supervisor has been killed by itself, 0 when it lives on for so long. */
async function died({ supervisor }: Site, limitMs: number): Promise<number> {
  const { running } = supervisor;
  for (const end = performance.now() + limitMs; performance.now() < end;) {
    if (!running.alive) {
      supervisor.note();
      if (running.child.signalCode !== 'SIGKILL') throw new Error(`It ended by itself: ${running.stderr}`);
      return 1;
    }
    await sleep(10);
  }
  return 0;
}
