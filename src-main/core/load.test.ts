import { expect, it } from 'vitest';
import { loadBetween, type LoadReading } from './load.ts';

const reading = (at: number, more: Partial<LoadReading> = {}): LoadReading => ({
  at,
  wall: 1_800_000_000_000 + at,
  machine: { cpuSeconds: at / 1000, memoryMiB: 100.126 },
  jobs: new Map(),
  ...more,
});
const job = (cpuSeconds: number | null, startedAt: number | null = 0) => ({
  startedAt,
  use: cpuSeconds === null ? null : { cpuSeconds, memoryMiB: 10 },
});

it('is the threads in use between two readings', () => {
  const before = reading(1000, { jobs: new Map([['a', job(5)]]) });
  const after = reading(3000, { jobs: new Map([['a', job(8)]]), machine: { cpuSeconds: 4, memoryMiB: 1 } });
  expect(loadBetween(before, after)).toEqual({
    at: 1_800_000_003_000,
    machine: { cpu: 1.5, memoryMiB: 1 },
    jobs: { a: { cpu: 1.5, memoryMiB: 10 } },
  });
});

it('counts a job that began meanwhile from its beginning, and says nothing of one that was there unseen', () => {
  const jobs = new Map([
    ['new', job(0.5, 1500)],
    ['old', job(99, 500)],
    ['unknown', job(99, null)],
    ['unmeasured', job(null)],
  ]);
  expect(loadBetween(reading(1000), reading(2000, { jobs })).jobs).toEqual({
    new: { cpu: 0.5, memoryMiB: 10 },
    old: { cpu: null, memoryMiB: 10 },
    unknown: { cpu: null, memoryMiB: 10 },
    unmeasured: { cpu: null, memoryMiB: null },
  });
});

it('is null where nothing counts, and never below zero', () => {
  const dumb = { cpuSeconds: null, memoryMiB: null };
  expect(loadBetween(reading(0, { machine: dumb }), reading(1000, { machine: dumb })).machine).toEqual({
    cpu: null,
    memoryMiB: null,
  });
  const fallen = reading(1000, { jobs: new Map([['a', job(2)]]) });
  expect(loadBetween(reading(0, { jobs: new Map([['a', job(5)]]) }), fallen).jobs['a']?.cpu).toBe(0);
  expect(loadBetween(fallen, { ...fallen }).machine.cpu).toBeNull();
});
