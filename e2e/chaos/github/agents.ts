/** kill -9 of agents: of the listener, of its worker, or of both. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** A worker lives shortly: so long one is waited for. */
const patienceMs = 5000;

/** Kills one that runs; null: none came. */
export async function killAgent(site: Site, random: Random): Promise<KilledAgent | null> {
  const part = random.pick<Part>([
    [1, 'listener'],
    [1, 'worker'],
    [1, 'both'],
  ]);
  for (const end = performance.now() + patienceMs; performance.now() < end;) {
    const running = programs(site, part === 'listener' ? 'Runner.Listener' : 'Runner.Worker');
    const chosen = running[Math.floor(random.next() * running.length)];
    const killed = chosen === undefined ? null : kill(site, chosen, part);
    if (killed !== null) return killed;
    await sleep(20);
  }
  return null;
}

function kill(site: Site, { pid, runner }: Program, part: Part): KilledAgent | null {
  // The listener first: it would tell what has become of its worker.
  const listener =
    part === 'both' ? programs(site, 'Runner.Listener').find((p) => p.runner === runner) : null;
  const at = Date.now();
  if (part === 'both' && (listener == null || !signal(listener.pid, 'SIGKILL'))) return null;
  if (signal(pid, 'SIGKILL')) return { runner, at, part };
  return part === 'both' ? { runner, at, part: 'listener' } : null;
}

/** For so long GitHub hands jobs to an agent that is dead: it may not have seen its connection end yet. */
const unseenMs = 2000;

/** What was told to GitHub so shortly before a kill may not have been told here. */
export const inFlightMs = 1000;

/** Was this the agent of the job when it was killed? */
export const struck = (
  { runner, at }: KilledAgent,
  job: Pick<Ended, 'runner' | 'startedAt' | 'completedAt'>,
): boolean =>
  job.runner === runner &&
  (job.startedAt ?? Infinity) <= at + unseenMs &&
  at <= (job.completedAt ?? Infinity) + inFlightMs;

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
