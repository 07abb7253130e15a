/** kill -9 of the supervisor and of agents, spread over the jobs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Load } from './load.ts';
import type { Site } from './site.ts';

export interface Killed {
  supervisors: number;
  /** Of these, before it was ready. */
  starting: number;
  /** Names of runners whose agent was killed. */
  readonly agents: string[];
}

/** `kills` of the supervisor, and half as many of agents, until all `jobs` are done. */
export async function killAll(
  site: Site,
  load: Load,
  wish: { readonly kills: number; readonly jobs: number },
  random: Random,
): Promise<Killed> {
  const killed: Killed = { supervisors: 0, starting: 0, agents: [] };
  while (killed.supervisors < wish.kills) {
    const due = Math.floor(((killed.supervisors + 0.5) / wish.kills) * wish.jobs);
    while (load.done < due) await sleep(20);
    // More often soon after a start, where much is taken up, than late.
    await sleep(1500 * random.next() ** 2);
    if (random.chance(0.5)) killAgent(site, random, killed.agents);
    await site.supervisor.kill();
    killed.supervisors += 1;
    // Agents end, and take jobs, while nobody looks.
    if (random.chance(0.4)) await sleep(random.between(100, 3000));
    if (random.chance(0.2)) {
      await site.supervisor.startAndKill(random.between(50, 500));
      killed.supervisors += 1;
      killed.starting += 1;
    }
    await site.supervisor.start();
  }
  return killed;
}

/** The agent alone: a worker of it lives on. */
function killAgent(site: Site, random: Random, agents: string[]): void {
  const running = listeners(path.join(site.home.path, 'runners'));
  const chosen = running[Math.floor(random.next() * running.length)];
  if (chosen === undefined) return;
  try {
    process.kill(chosen.pid, 'SIGKILL');
    agents.push(chosen.runner);
  } catch {
    // It has just ended.
  }
}

/** Agents of runners below this folder. */
function listeners(runners: string): { readonly pid: number; readonly runner: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const program = `${path.sep}agent${path.sep}bin${path.sep}Runner.Listener`;
    const argument = argumentsOf(entry).find((each) => each.startsWith(runners) && each.endsWith(program));
    if (argument === undefined) return [];
    return [{ pid: Number(entry), runner: argument.slice(runners.length + 1, -program.length) }];
  });
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
