/** kill -9 at random moments: of the supervisor, of listeners, and now and then of a listener with its worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Marked, marked } from '../../support/processes.ts';
import type { Random } from '../random.ts';
import type { ChaosSite } from './site.ts';
import type { Work } from './work.ts';

export interface Deaths {
  supervisors: number;
  /** Of these, before the supervisor was ready. */
  starting: number;
  /** Runners whose listener was killed. */
  readonly listeners: Set<string>;
  /** Of these, with the worker: their jobs are lost. */
  readonly whole: Set<string>;
}

export const noDeaths = (): Deaths => ({
  supervisors: 0,
  starting: 0,
  listeners: new Set(),
  whole: new Set(),
});

export interface KillsWish {
  readonly kills: number;
  readonly jobs: number;
  readonly random: Random;
  readonly say: (sentence: string) => void;
}

/** Spreads the kills of the supervisor over the jobs that are queued; it is started again at once. */
export async function killSupervisors(
  site: ChaosSite,
  work: Work,
  deaths: Deaths,
  { kills, jobs, random, say }: KillsWish,
): Promise<void> {
  while (deaths.supervisors < kills) {
    const due = Math.floor(((deaths.supervisors + 0.5) / kills) * jobs);
    while (work.queued.length < due) await sleep(20);
    // More often soon after a start, where much is taken up, than late.
    await sleep(4000 * random.next() ** 2);
    await site.supervisor.kill();
    deaths.supervisors += 1;
    if (random.chance(0.2) && deaths.supervisors < kills) {
      await site.supervisor.startAndKill(random.between(0, 600));
      deaths.supervisors += 1;
      deaths.starting += 1;
    }
    await site.supervisor.start();
    if (deaths.supervisors % 5 === 0) say(`${deaths.supervisors} kills, ${work.queued.length} jobs queued`);
  }
}

/** Kills so many agents in the time that the jobs take. */
export async function killAgents(
  site: ChaosSite,
  work: Work,
  deaths: Deaths,
  { kills, jobs, random }: KillsWish,
): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    const due = Math.floor(((kill + 0.5) / kills) * jobs);
    while (work.queued.length < due) await sleep(50);
    await sleep(1500 * random.next());
    await killOne(site, deaths, random);
  }
}

async function killOne(site: ChaosSite, deaths: Deaths, random: Random): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const processes = marked(site.home.path);
    const listeners = processes.filter(isProgram('Runner.Listener'));
    const victim = listeners[Math.floor(random.next() * listeners.length)];
    if (victim !== undefined) {
      const whole = random.chance(0.15) ? processes.filter(({ runner }) => runner === victim.runner) : [];
      deaths.listeners.add(victim.runner);
      if (whole.length > 0) deaths.whole.add(victim.runner);
      for (const { pid } of [victim, ...whole]) end(pid);
      return;
    }
    await sleep(100);
  }
}

const isProgram =
  (name: string) =>
  ({ command }: Marked): boolean =>
    command.includes(`/bin/${name} `);

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
