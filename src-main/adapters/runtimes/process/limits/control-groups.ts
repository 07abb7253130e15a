/** Limits by control groups: one group for each runner, below one of this install. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { problem } from '../../../../contract/problem.ts';
import type { Resources } from '../../../../core/runner.ts';
import { type Ability, type Caps, type Dialect, type Folders, foldersOf } from './cgroup-dialect.ts';
import { groupsBelow, makeGroup, readControl, removeEmpty, removeGroup } from './cgroup-files.ts';
import { type LimitSettings, type Limits, nothingRead, type Placement, prefixOf } from './limits.ts';

/** How long a killed process may take to leave its group, in milliseconds. */
const patienceMs = 2000;

export interface ControlGroupOptions {
  readonly dialect: Dialect;
  readonly settings: LimitSettings;
  /** Whether `taskset` is there, for where the kernel refuses CPUs to a group. */
  readonly taskset: boolean;
  /** The groups that the process `pid` is in, for jobs that were started from elsewhere. */
  readonly groupsOf: (pid: number) => Folders;
}

type Kind = 'cpus' | 'time';

export function controlGroups(options: ControlGroupOptions): Limits {
  const { dialect, settings, taskset, groupsOf } = options;
  const adopted = new Map<string, Folders>();
  /** What each group was made to limit: whole CPUs or CPU time. It stays for a next job of the same kind. */
  const kinds = new Map<string, Kind>();
  /** Null where the runner has no group. */
  const find = (name: string): Folders | null => {
    const known = adopted.get(name) ?? below(dialect.parents, name);
    const [first] = known.values();
    return first !== undefined && existsSync(first) ? known : null;
  };
  const close = async (name: string, group = find(name)) => {
    if (group !== null) await remove(name, group);
    adopted.delete(name);
    kinds.delete(name);
  };
  const can = (ability: Ability) => dialect.parents.has(ability);
  return {
    can: { cpuset: settings.cpuAffinity && (can('cpuset') || taskset), limits: can('memory') && can('cpu') },
    notEnforced: sentences(can, settings, taskset),
    async open(name, resources) {
      const caps = capsOf(resources, options);
      const kind = caps.cpus === null ? 'time' : 'cpus';
      if (kinds.get(name) !== kind) await close(name);
      kinds.set(name, kind);
      return open(name, caps, resources, options);
    },
    adopt(name, pid) {
      const groups = groupsOf(pid);
      const ours = [...groups].filter(([, folder]) => folder.endsWith(`/${name}`));
      if (ours.length > 0) adopted.set(name, new Map(ours));
      return Promise.resolve();
    },
    processes(name) {
      const group = find(name);
      return Promise.resolve(group === null ? null : processesIn(group));
    },
    kill(name) {
      const group = find(name);
      if (group !== null) dialect.kill(group);
      return Promise.resolve();
    },
    usage(name) {
      const group = find(name);
      return Promise.resolve(group === null ? null : dialect.usage(group));
    },
    oomKills(name) {
      const group = find(name);
      return Promise.resolve(group === null ? 0 : dialect.oomKills(group));
    },
    readBack(name) {
      const group = find(name);
      return group === null ? nothingRead : dialect.readBack(group);
    },
    async rest(name) {
      const group = find(name);
      if (group !== null && (adopted.has(name) || !dialect.renew(group))) await close(name, group);
    },
    close: (name) => close(name),
    tidy: () => tidy(dialect),
  };
}

const below = (parents: Folders, name: string): Folders =>
  new Map([...parents].map(([ability, folder]) => [ability, join(folder, name)]));

/** The groups of this install, unless runners are in them: the kernel removes only what is empty. */
export function tidy(dialect: Dialect): void {
  for (const folder of foldersOf(dialect.parents)) removeEmpty(folder);
}

const makeAll = (group: Folders) => foldersOf(group).every(makeGroup);

/** The whole CPUs that the runner is given, where it is kept to them. */
function ownCpus({ cpus }: Resources, { settings }: ControlGroupOptions): readonly number[] | null {
  return settings.cpuAffinity && typeof cpus !== 'number' && cpus.length > 0 ? cpus : null;
}

function capsOf(resources: Resources, options: ControlGroupOptions): Caps {
  const { dialect, taskset } = options;
  const cpus = ownCpus(resources, options);
  const inGroup = dialect.parents.has('cpuset');
  const cores = typeof resources.cpus === 'number' ? resources.cpus : resources.cpus.length;
  return {
    memoryMiB: resources.memoryMiB,
    pids: resources.pids,
    cores: cpus !== null && (inGroup || taskset) ? null : cores,
    cpus: inGroup ? cpus : null,
  };
}

function open(name: string, caps: Caps, resources: Resources, options: ControlGroupOptions): Placement {
  const { dialect, settings, taskset } = options;
  const cpus = ownCpus(resources, options);
  const unused = caps.cpus === null ? 'cpuset' : 'cpu';
  const group = new Map([...below(dialect.parents, name)].filter(([ability]) => ability !== unused));
  if (!makeAll(group)) {
    dialect.prepare();
    if (!makeAll(group)) throw refused(name, 'a group of its own');
  }
  const failed = dialect.apply(group, caps).filter((what) => group.has(what));
  const [first] = failed.filter((what) => what !== 'cpuset' || !taskset);
  if (first !== undefined) throw refused(name, words[first]);
  const byProgram = cpus !== null && (caps.cpus === null || failed.includes('cpuset'));
  return {
    groups: foldersOf(group).map((folder) => join(folder, dialect.join)),
    prefix: prefixOf(settings, byProgram && taskset ? cpus : null),
  };
}

const words = { memory: 'memory', cpu: 'CPU time', pids: 'processes', cpuset: 'CPUs' } as const;

function refused(name: string, what: string) {
  return problem(
    'unexpected',
    `The system refused ${name} the limit of ${what}.`,
    'Check the size of its pool, or switch limits off in the settings; it is tried again.',
    { subject: name },
  );
}

/** A process that has joined is in every folder: one tells of all. */
function processesIn(group: Folders): number[] {
  const [folder = ''] = group.values();
  return groupsBelow(folder)
    .flatMap((below) => readControl(below, 'cgroup.procs')?.split('\n') ?? [])
    .filter((line) => line !== '')
    .map(Number);
}

async function remove(name: string, group: Folders): Promise<void> {
  const began = performance.now();
  for (const folder of foldersOf(group)) {
    while (!removeGroup(folder)) {
      if (performance.now() - began > patienceMs) {
        throw problem(
          'cannot-clean-up',
          `The control group of ${name} could not be removed (${folder}).`,
          'A process in it does not end; it is tried again.',
          { subject: name },
        );
      }
      await delay(2);
    }
  }
}

function sentences(can: (ability: Ability) => boolean, settings: LimitSettings, taskset: boolean): string[] {
  const because = 'the control groups that this user can write do not offer it.';
  return [
    ...(can('memory') ? [] : [`Memory is not limited: ${because}`]),
    ...(can('cpu') ? [] : [`CPU time is not limited: ${because}`]),
    ...(can('pids') ? [] : [`The number of processes is not limited: ${because}`]),
    ...(!settings.cpuAffinity || can('cpuset') || taskset
      ? []
      : ['Runners are not kept to their CPUs: this system has no taskset.']),
  ];
}
