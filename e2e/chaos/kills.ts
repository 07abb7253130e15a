/** Random kill -9 of the supervisor under load, and a start at once after each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { finish } from './finish.ts';
import { anyKind, jobOf } from './job.ts';
import { Load } from './load.ts';
import { endRunner, pauseAll, pausePool } from './owner.ts';
import { type Random, randomOf } from './random.ts';
import { addPools, makeSite, type Site } from './site.ts';

export interface KillsOptions {
  readonly kills: number;
  readonly jobs: number;
  readonly seed: number;
  readonly say: (sentence: string) => void;
}

export interface KillsResult {
  readonly site: Site;
  readonly load: Load;
  readonly killed: number;
  /** Of these, before the supervisor was ready. */
  readonly killedStarting: number;
  readonly violations: readonly string[];
}

const submitters = 4;

/** All modes; short idle times, so that runners come and go. */
const pools = {
  coming: { mode: 'auto', max: 3, idleTimeoutSeconds: 1 },
  fresh: { mode: 'ephemeral', min: 1, max: 3 },
  kept: { mode: 'manual', min: 1, max: 3 },
} as const;
const anyPool = Object.keys(pools).map((id) => [1, id] as const);

export async function randomKills(options: KillsOptions): Promise<KillsResult> {
  const site = makeSite();
  const load = new Load(site);
  await site.supervisor.start();
  await addPools(site, pools);
  const stopped = { yet: false };
  const watching = load.watch();
  const disturbing = disturb(site, randomOf(options.seed + 1), stopped);
  const submitting = submitAll(site, load, options);
  const killing = killAll(site, load, options);
  const [killedStarting] = await Promise.all([killing, submitting]);
  stopped.yet = true;
  await disturbing;
  const violations = await finish(site, load);
  await watching;
  return { site, load, killed: options.kills, killedStarting, violations };
}

/** The same seed makes the same jobs, whoever of the submitters takes them and however often an answer is lost. */
async function submitAll(site: Site, load: Load, { jobs, seed }: KillsOptions): Promise<void> {
  let begun = 0;
  const submitter = async (): Promise<void> => {
    while (begun < jobs) {
      begun += 1;
      const random = randomOf(seed * 1_000_003 + begun);
      await load.room();
      await load.submit((key) => jobOf(key, anyKind(random), site.folders, random));
    }
  };
  await Promise.all(Array.from({ length: submitters }, submitter));
}

/** Spreads the kills over the submissions; how many came before the supervisor was ready. */
async function killAll(site: Site, load: Load, options: KillsOptions): Promise<number> {
  const random = randomOf(options.seed);
  let starting = 0;
  for (let kill = 1; kill <= options.kills; kill += 1) {
    const due = Math.floor(((kill - 0.5) / options.kills) * options.jobs);
    while (load.accepted < due) await sleep(5);
    // More often soon after a start, where much is taken up, than late.
    await sleep(400 * random.next() ** 2);
    await site.supervisor.kill();
    if (random.chance(0.2) && kill < options.kills) {
      await site.supervisor.startAndKill(random.between(0, 400));
      kill += 1;
      starting += 1;
    }
    await site.supervisor.start();
    if (kill % 10 === 0) options.say(`${kill} kills, ${load.accepted} jobs accepted`);
  }
  return starting;
}

/** An owner at random; runners that have gone meanwhile are no surprise. */
async function disturb(site: Site, random: Random, stopped: { yet: boolean }): Promise<void> {
  while (!stopped.yet) {
    await sleep(random.between(200, 2000));
    const what = random.pick([
      [3, () => pauseAll(site, random.between(50, 800))],
      [2, () => pausePool(site, random.pick(anyPool), random.between(50, 800))],
      [3, () => endRunner(site, random, ({ code }) => code === 'not-found')],
    ]);
    await what();
  }
}
