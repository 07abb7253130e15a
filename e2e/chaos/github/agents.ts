/** kill -9 of agents: of the listener, of its worker, or of both. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../random.ts';
import type { Ended } from './load.ts';
import type { Site } from './site.ts';

/** What of it was killed. Of both nobody is left who could report: the job is lost. */
export type Part = 'listener' | 'worker' | 'both';

export interface KilledAgent {
  readonly runner: string;
  readonly part: Part;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** Kills one that runs, if there is one. */
export function killAgent(site: Site, random: Random): KilledAgent | null {
  const part = random.pick<Part>([
    [4, 'listener'],
    [3, 'worker'],
    [4, 'both'],
  ]);
  const listeners = programs(site, 'Runner.Listener');
  const workers = programs(site, 'Runner.Worker');
  const running = part === 'listener' ? listeners : workers;
  const chosen = running[Math.floor(random.next() * running.length)];
  if (chosen === undefined) return null;
  const { runner } = chosen;
  const at = Date.now();
  const of = (list: readonly Program[]) => list.find((each) => each.runner === runner)?.pid;
  const first = part === 'worker' ? chosen.pid : of(listeners);
  if (first === undefined || !signal(first, 'SIGKILL')) return null;
  const worker = of(workers);
  const isBoth = part === 'both' && worker !== undefined && signal(worker, 'SIGKILL');
  return { runner, at, part: part === 'both' && !isBoth ? 'listener' : part };
}

/** Was this the agent of the job when it was killed? */
export const struck = ({ runner, at }: KilledAgent, job: Ended): boolean =>
  job.runner === runner && (job.startedAt ?? Infinity) <= at && at <= (job.completedAt ?? Infinity);

/** Its agent is alive, and neither polls nor hears anything any more. */
export function freeze(site: Site, runner: string): boolean {
  const agent = programs(site, 'Runner.Listener').find((each) => each.runner === runner);
  return agent !== undefined && signal(agent.pid, 'SIGSTOP');
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    // It has just ended.
    return false;
  }
}

interface Program {
  readonly pid: number;
  readonly runner: string;
}

/** Processes of that program of runners of this site. */
function programs({ home }: Site, name: string): Program[] {
  const runners = path.join(home.path, 'runners');
  const program = `${path.sep}agent${path.sep}bin${path.sep}${name}`;
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
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
