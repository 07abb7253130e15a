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
  /** Of these, whose worker was killed too: its job is lost. */
  readonly whole: string[];
}

/** `kills` of the supervisor, and half as many of agents, until all `jobs` are done. */
export async function killAll(
  site: Site,
  load: Load,
  wish: { readonly kills: number; readonly jobs: number },
  random: Random,
): Promise<Killed> {
  const killed: Killed = { supervisors: 0, starting: 0, agents: [], whole: [] };
  while (killed.supervisors < wish.kills) {
    const due = Math.floor(((killed.supervisors + 0.5) / wish.kills) * wish.jobs);
    while (load.done < due) await sleep(20);
    // More often soon after a start, where much is taken up, than late.
    await sleep(1500 * random.next() ** 2);
    if (random.chance(0.7)) killAgent(site, random, killed);
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

/** The agent alone, whose worker lives on; now and then the worker too. */
function killAgent(site: Site, random: Random, killed: Killed): void {
  const folder = path.join(site.home.path, 'runners');
  const agents = programs(folder, 'Runner.Listener');
  const workers = programs(folder, 'Runner.Worker');
  const whole = random.chance(0.3);
  const running = whole ? workers : agents;
  const runner = running[Math.floor(random.next() * running.length)]?.runner;
  const agent = agents.find((each) => each.runner === runner);
  if (agent === undefined || !isKilled(agent.pid)) return;
  killed.agents.push(agent.runner);
  const worker = workers.find((each) => each.runner === runner);
  if (whole && worker !== undefined && isKilled(worker.pid)) killed.whole.push(agent.runner);
}

function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
    return false;
  }
}

/** Processes of that program of runners below this folder. */
function programs(runners: string, name: string): { readonly pid: number; readonly runner: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const program = `${path.sep}agent${path.sep}bin${path.sep}${name}`;
    // It names its interpreter: in a later argument it is what another program starts.
    const argument = argumentsOf(entry)
      .slice(0, 2)
      .find((each) => each.startsWith(runners) && each.endsWith(program));
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
