import { describe, expect, it } from 'vitest';
import type { Settings } from '../../contract/settings.ts';
import { poolDefaults } from './defaults.ts';
import { poolNotes, settingsNotes, type Surroundings } from './notes.ts';
import { defaultConfig } from './schema.ts';
import { settingsOf } from './transfer.ts';

const defaults = settingsOf(defaultConfig);
const quiet: Surroundings = {
  machine: { threads: 8, memoryMiB: 16_384 },
  diskFreeMiB: 50_000,
  runningJobs: 0,
  keptJobs: 0,
  supervised: true,
};
const notes = (change: Partial<Settings>, around: Partial<Surroundings> = {}) =>
  settingsNotes(defaults, { ...defaults, ...change }, { ...quiet, ...around });

describe('settingsNotes', () => {
  it('says nothing about what does as it says, and of what stays', () => {
    expect(notes({ resyncSeconds: 30, registrationStaggerSeconds: 5 })).toEqual([]);
    expect(notes({ reserve: { ...defaults.reserve } }, { runningJobs: 3 })).toEqual([]);
    expect(notes({ reserve: { cpuPercent: 50, memoryPercent: 50 } })).toEqual([]);
  });

  it('says that running jobs keep theirs, once', () => {
    const change = { reserve: { cpuPercent: 50, memoryPercent: 15 }, capacity: { slots: 2 } };
    expect(notes(change, { runningJobs: 1 })).toEqual(['Running jobs keep what they were given.']);
  });

  it('says when nothing is left for jobs', () => {
    const all = { reserve: { cpuPercent: 95, memoryPercent: 15 } };
    expect(notes(all)).toEqual(['This keeps all 8 threads of the machine for you: no job can start.']);
    expect(notes(all, { machine: { threads: 100, memoryMiB: 4096 } })).toEqual([]);
    // The number of runners is set by hand: the reserve decides nothing.
    expect(notes({ ...all, capacity: { slots: 1 } })).toEqual([]);
    expect(notes(all, { machine: null })).toEqual([]);
  });

  it('says what waits for the next start, where something runs', () => {
    const change = {
      limits: { ...defaults.limits, nice: 0 },
      log: { ...defaults.log, level: 'debug' as const },
    };
    expect(notes(change)).toHaveLength(2);
    expect(notes(change, { supervised: false })).toEqual([]);
  });

  it('says what the disk and the history come to', () => {
    expect(notes({ diskReserveGiB: 100 })).toEqual([
      'Only 49 GiB are free on that volume: nothing new starts until there is more.',
    ]);
    expect(notes({ diskReserveGiB: 100 }, { diskFreeMiB: null })).toEqual([]);
    expect(notes({ history: { jobs: 10 } }, { keptJobs: 12 })).toEqual([
      'The oldest 2 ended jobs go soon, with log and outputs.',
    ]);
    expect(notes({ history: { jobs: 10 } }, { keptJobs: 10 })).toEqual([]);
    expect(notes({ namePrefix: 'x' })).toHaveLength(1);
  });
});

describe('poolNotes', () => {
  const pool = (id: string, max = 4) => ({ ...poolDefaults(id, 'auto', 'x64'), max });

  it('says which are new, changed and removed, and what goes on', () => {
    const before = [pool('a'), pool('b'), pool('c')];
    const after = [pool('b'), pool('c', 9), pool('d'), pool('e')];
    expect(poolNotes(before, after, (id) => (id === 'b' ? 5 : 1))).toEqual([
      'The pools d, e are new.',
      'The pool c is changed.',
      'The pool a is removed.',
      '2 running jobs go on as begun.',
    ]);
    expect(poolNotes(before, before, () => 3)).toEqual([]);
  });
});
