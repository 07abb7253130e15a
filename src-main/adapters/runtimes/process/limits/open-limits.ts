/** Finds out how runners can be held to their resources on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../os/exec.ts';
import type { Ability, Dialect, Folders } from './cgroup-dialect.ts';
import { makeGroup, removeGroup } from './cgroup-files.ts';
import { placesOf } from './cgroup-places.ts';
import { cgroup1 } from './cgroup1.ts';
import { cgroup2 } from './cgroup2.ts';
import { controlGroups, tidy } from './control-groups.ts';
import type { LimitSettings, Limits } from './limits.ts';
import { noGroups } from './none.ts';

export interface LimitOptions {
  readonly platform: NodeJS.Platform;
  readonly install: string;
  readonly settings: LimitSettings;
  /** The folders where `taskset` may be. */
  readonly path: string;
  readonly proc?: string;
}

/** Never throws: what this machine cannot do is in `notEnforced`. */
export async function openLimits(options: LimitOptions): Promise<Limits> {
  const { platform, settings, proc = '/proc' } = options;
  const taskset =
    platform === 'linux' && options.path.split(':').some((dir) => existsSync(join(dir, 'taskset')));
  if (!settings.enforce) return noGroups(settings, taskset, 'limits are switched off in the settings.');
  if (platform !== 'linux') return noGroups(settings, false, 'this system has no control groups.');
  const dialect = dialectOf(proc, `homerunner-${options.install}`);
  if (dialect === null || dialect.parents.size === 0 || !(await canJoin(dialect))) {
    return noGroups(settings, taskset, 'no control group can be written by this user.');
  }
  const groupsOf = (pid: number) => groupsOfProcess(proc, pid, dialect, options.install);
  return controlGroups({ dialect, settings, taskset, groupsOf });
}

function dialectOf(proc: string, parent: string): Dialect | null {
  const places = readPlaces(proc, 'self');
  if (places === null) return null;
  // On a hybrid system the unified hierarchy is there too, but its controllers are those of version 1.
  const offered = places.v2 === null ? '' : read(join(places.v2, 'cgroup.controllers'));
  const unified = places.v2 !== null && /\b(memory|cpu)\b/.test(offered);
  return unified ? cgroup2(places.v2, parent, (pid) => descends(proc, pid)) : cgroup1(places.v1, parent);
}

function readPlaces(proc: string, process: string) {
  const cgroup = read(join(proc, process, 'cgroup'));
  return cgroup === '' ? null : placesOf(read(join(proc, 'self', 'mountinfo')), cgroup);
}

/** A group may be made and limited but not entered, where only a part was delegated: tried once, with a process of ours. */
async function canJoin(dialect: Dialect): Promise<boolean> {
  const folders = [...new Set(dialect.parents.values())].map((folder) =>
    join(folder, `probe-${process.pid}`),
  );
  try {
    if (!folders.every(makeGroup)) return false;
    const script = 'for file; do echo 0 > "$file" || exit 1; done';
    const files = folders.map((folder) => join(folder, dialect.join));
    // A group of version 1 for CPUs takes no process before it has some.
    const joinable = files.filter(
      (file) => !file.startsWith(`${dialect.parents.get('cpuset')}/`) || dialect.join !== 'tasks',
    );
    return (await run('/bin/sh', ['-c', script, 'sh', ...joinable], { timeoutMs: 10_000 })).code === 0;
  } catch {
    return false;
  } finally {
    folders.forEach(removeGroup);
    tidy(dialect);
  }
}

/** The groups of our install that a process is in; they may lie elsewhere than those we make now. */
function groupsOfProcess(proc: string, pid: number, dialect: Dialect, install: string): Folders {
  const places = readPlaces(proc, String(pid));
  const found = new Map<Ability, string>();
  if (places === null) return found;
  for (const ability of dialect.parents.keys()) {
    const folder =
      dialect.join === 'tasks' ? places.v1.get(ability === 'usage' ? 'cpuacct' : ability) : places.v2;
    if (folder?.includes(`/homerunner-${install}/`) === true) found.set(ability, folder);
  }
  return found;
}

/** Whether the process is this one or comes from it. */
function descends(proc: string, pid: number): boolean {
  for (let at = pid; at > 1;) {
    if (at === process.pid) return true;
    const stat = read(join(proc, String(at), 'stat'));
    at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return false;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
