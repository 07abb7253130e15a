/** What a change of the configuration does, in sentences for the one who makes it. */
import type { Pool } from '../../contract/pool.ts';
import type { Settings } from '../../contract/settings.ts';
import { reserveOf } from '../budget.ts';
import { memoryText } from '../sizes.ts';

/** What is true around the configuration just now. */
export interface Surroundings {
  /** Null where it was not detected. */
  readonly machine: { readonly threads: number; readonly memoryMiB: number } | null;
  /** Null where unknown. */
  readonly diskFreeMiB: number | null;
  readonly runningJobs: number;
  /** Jobs that are kept, with those that have not ended. */
  readonly keptJobs: number;
  /** A supervisor runs, and has read some settings for good. */
  readonly supervised: boolean;
}

type Group = keyof Settings;

/** The groups of settings in which these differ. */
export function changedGroups(before: Settings, after: Settings): readonly Group[] {
  const groups = Object.keys(before) as Group[];
  return groups.filter((group) => JSON.stringify(before[group]) !== JSON.stringify(after[group]));
}

/** What the settings `after` do other than what they say; nothing about those that stay as they are. */
export function settingsNotes(before: Settings, after: Settings, around: Surroundings): readonly string[] {
  return [...new Set(changedGroups(before, after).flatMap((group) => notesOn[group](after, around)))];
}

const none = (): readonly string[] => [];
const kept = ({ runningJobs }: Surroundings): readonly string[] =>
  runningJobs === 0 ? [] : ['Running jobs keep what they were given.'];

const notesOn: Readonly<Record<Group, (after: Settings, around: Surroundings) => readonly string[]>> = {
  namePrefix: () => ['New runners are called so; those that exist keep their names.'],
  reserve: (after, around) => [...nothingLeft(after, around), ...kept(around)],
  capacity: (after, around) => [...nothingLeft(after, around), ...kept(around)],
  diskReserveGiB: ({ diskReserveGiB }, { diskFreeMiB }) =>
    diskFreeMiB === null || diskFreeMiB >= diskReserveGiB * 1024
      ? []
      : [`Only ${memoryText(diskFreeMiB)} are free on that volume: nothing new starts until there is more.`],
  limits: (_after, { supervised }) =>
    supervised ? ['How jobs are limited changes when Homerunner is started again.'] : [],
  resyncSeconds: none,
  registrationStaggerSeconds: none,
  history: ({ history }, { keptJobs }) => {
    const over = keptJobs - history.jobs;
    if (over <= 0) return [];
    const jobs = over === 1 ? 'The oldest ended job goes' : `The oldest ${over} ended jobs go`;
    return [`${jobs} soon, with log and outputs.`];
  },
  github: none,
  log: (_after, { supervised }) => (supervised ? ['The log changes when Homerunner is started again.'] : []),
};

function nothingLeft({ reserve, capacity }: Settings, { machine }: Surroundings): readonly string[] {
  if (machine === null || capacity.slots !== null) return [];
  const { threads, memoryMiB } = machine;
  const kept = reserveOf(threads, memoryMiB, { cpu: reserve.cpuPercent, memory: reserve.memoryPercent });
  const all = [
    ...(kept.cores >= threads ? [threads === 1 ? 'the only thread' : `all ${threads} threads`] : []),
    ...(kept.memoryMiB >= memoryMiB ? ['all of the memory'] : []),
  ];
  return all.length === 0
    ? []
    : [`This keeps ${all.join(' and ')} of the machine for you: no job can start.`];
}

/** What replacing all pools does; `busy` tells the running jobs of a pool. */
export function poolNotes(
  before: readonly Pool[],
  after: readonly Pool[],
  busy: (pool: string) => number,
): readonly string[] {
  const old = new Map(before.map((pool) => [pool.id, JSON.stringify(pool)]));
  const ids = new Set(after.map((pool) => pool.id));
  const added = after.filter((pool) => !old.has(pool.id));
  const changed = after.filter((pool) => old.has(pool.id) && old.get(pool.id) !== JSON.stringify(pool));
  const removed = before.filter((pool) => !ids.has(pool.id));
  const running = [...changed, ...removed].reduce((sum, pool) => sum + busy(pool.id), 0);
  return [
    ...said(added, 'is new', 'are new'),
    ...said(changed, 'is changed', 'are changed'),
    ...said(removed, 'is removed', 'are removed'),
    ...(running === 0
      ? []
      : [`${running === 1 ? 'One running job goes' : `${running} running jobs go`} on as begun.`]),
  ];
}

function said(pools: readonly Pool[], one: string, many: string): readonly string[] {
  const ids = pools.map((pool) => pool.id).join(', ');
  if (pools.length === 0) return [];
  return [pools.length === 1 ? `The pool ${ids} ${one}.` : `The pools ${ids} ${many}.`];
}
