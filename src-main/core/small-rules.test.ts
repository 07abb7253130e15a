/** Shares, memory, demand and names: rules of a few lines each. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign, type PoolOffer } from './demand.ts';
import { newMemory, peakEndsAt, peakJobs, remember } from './memory.ts';
import { runnerName, suffix } from './names.ts';
import { plan } from './plan.ts';
import { faded, halfLifeMs, noUsage, shareOf, used } from './share.ts';
import { makeInput, makeJob, makePool, makePoolState, makeRecord, observe, t0 } from './testing/make.ts';

const minute = 60_000;

describe('shares', () => {
  it('are core-seconds by weight, and fade to half in 10 minutes', () => {
    const begun = used(noUsage, 4, t0);
    const worked = used(begun, 4, t0 + minute);
    expect([begun.coreSeconds, worked.coreSeconds]).toEqual([0, 240]);
    expect(halfLifeMs).toBe(10 * minute);
    expect(faded(worked, t0 + 11 * minute)).toBeCloseTo(120);
    expect(shareOf(worked, 3, t0 + minute)).toBeCloseTo(80);
  });

  it('are not moved by a clock that stands or goes back', () => {
    expect(faded({ coreSeconds: 10, at: t0 }, t0 - minute)).toBe(10);
    expect(used({ coreSeconds: 10, at: t0 }, 4, t0 - minute).coreSeconds).toBe(10);
  });
});

describe('the memory of a pool', () => {
  it('keeps the peak of jobs at once for 10 minutes after it ended', () => {
    const jobsAtOnce = [
      { jobs: 3, until: t0 + minute },
      { jobs: 1, until: null },
    ];
    const memory = { ...newMemory, jobsAtOnce };
    expect([10, 11, 12].map((n) => peakJobs(memory, t0 + n * minute))).toEqual([3, 3, 1]);
    expect(peakEndsAt(memory, t0 + 2 * minute)).toBe(t0 + 11 * minute + 1);
    expect(peakEndsAt(memory, t0 + 12 * minute)).toBeNull();
    expect(peakJobs(newMemory, t0)).toBe(0);
  });

  it('stays small however often the number of jobs changes', () => {
    let memory = newMemory;
    for (let i = 0; i < 500; i += 1) {
      const record = makeRecord({ job: i % 2 === 0 ? 'j' : null });
      const input = makeInput({
        now: t0 + i,
        pools: [makePoolState({}, { memory })],
        observations: [observe(record)],
      });
      memory = remember(input, plan(input)).get('p') ?? newMemory;
    }
    expect(memory.jobsAtOnce.length).toBeLessThanOrEqual(2);
    expect(peakJobs(memory, t0 + 500)).toBe(1);
  });

  it('counts jobs, not runners that are just being fenced', () => {
    const record = makeRecord();
    const input = makeInput({
      pools: [makePoolState()],
      observations: [observe(record)],
      inFlight: new Set([record.name]),
    });
    expect(remember(input, plan(input)).get('p')?.jobsAtOnce).toEqual([]);
    const handed = { ...input, handing: new Map([['j', record.name]]) };
    expect(remember(handed, plan(handed)).get('p')?.jobsAtOnce).toEqual([{ jobs: 1, until: null }]);
  });

  it('forgets failures once a runner has been idle for a minute', () => {
    const backoff = { failures: 3, retryAt: t0, registrations: [] };
    const pools = [makePoolState({}, { memory: { ...newMemory, backoff } })];
    const input = (now: number) => makeInput({ now, pools, observations: [observe(makeRecord())] });
    const failures = [59, 60].map((s) => {
      const at = input(t0 + s * 1000);
      return remember(at, plan(at)).get('p')?.backoff.failures;
    });
    expect(failures).toEqual([3, 0]);
  });
});

describe('demand', () => {
  const offer = (id: string, more: Partial<PoolOffer> = {}): PoolOffer => {
    return {
      pool: makePool({ id }),
      labels: ['x64', 'gpu'],
      cores: 2,
      memoryMiB: 1024,
      share: 0,
      room: 10,
      ...more,
    };
  };
  const given = (jobs: Parameters<typeof assign>[0], offers: readonly PoolOffer[]) =>
    Object.fromEntries([...assign(jobs, offers, 'x64')].map(([id, list]) => [id, list.map((j) => j.id)]));

  it('gives a job to the smallest pool that fits, then by share, then where there is room', () => {
    expect(given([makeJob('j')], [offer('a', { cores: 8 }), offer('b')])).toEqual({ a: [], b: ['j'] });
    expect(given([makeJob('j')], [offer('a', { share: 5 }), offer('b')])).toEqual({ a: [], b: ['j'] });
    expect(given([makeJob('j')], [offer('a', { cores: 8 }), offer('b', { room: 0 })])).toEqual({
      a: ['j'],
      b: [],
    });
    expect(given([makeJob('j')], [offer('a', { cores: 8, room: 0 }), offer('b', { room: 0 })])).toEqual({
      a: [],
      b: ['j'],
    });
    expect(given([makeJob('j')], [offer('a', { memoryMiB: 8192 }), offer('b')])).toEqual({ a: [], b: ['j'] });
  });

  it('gives a job that asks for no card to a runner with one only where no other takes it', () => {
    const card = offer('card', { pool: makePool({ id: 'card', size: 'gpu' }), cores: 1 });
    expect(given([makeJob('j')], [card, offer('b', { cores: 8 })])).toEqual({ card: [], b: ['j'] });
    expect(given([makeJob('j')], [card])).toEqual({ card: ['j'] });
  });

  it('looks at labels and architecture, and for a named pool at the architecture alone', () => {
    const offers = [offer('a')];
    const takes = (more: Parameters<typeof makeJob>[1]) => given([makeJob('j', more)], offers)['a'];
    expect(takes({ labels: ['GPU'] })).toEqual(['j']);
    expect(takes({ labels: ['cuda'] })).toEqual([]);
    expect(takes({ arch: 'arm64' })).toEqual([]);
    expect(takes({ pool: 'a', labels: ['cuda'] })).toEqual(['j']);
    expect(takes({ pool: 'b' })).toEqual([]);
    expect(takes({ pool: 'a', arch: 'arm64' })).toEqual([]);
    expect(takes({ scope: 'owner/repo' })).toEqual([]);
  });

  it('gives every job that is taken to exactly one pool, in order', () => {
    const offers = fc.array(
      fc.record({ cores: fc.nat(3), share: fc.nat(2), room: fc.integer({ min: -1, max: 4 }) }),
      {
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(offers, fc.nat(12), (specs, n) => {
        const jobs = Array.from({ length: n }, (_, i) => makeJob(`j${String(i).padStart(2, '0')}`));
        const all = Object.values(
          given(
            jobs,
            specs.map((spec, i) => offer(`p${i}`, spec)),
          ),
        );
        expect(all.flat().sort()).toEqual(specs.length === 0 ? [] : jobs.map((j) => j.id));
        for (const list of all) expect([...list].sort()).toEqual(list);
      }),
      { seed: 1 },
    );
  });
});

describe('names', () => {
  it('are prefix, install, pool, six characters, and never longer than 64', () => {
    expect(runnerName('hr', 'abc123', 'a-pool-with-a-long-name', 'xyz789')).toBe(
      'hr-abc123-a-pool-with-a-lo-xyz789',
    );
    expect(runnerName('p'.repeat(200), 'abc123', 'x'.repeat(32), 'xyz789')).toMatch(
      /^p+-abc123-x{16}-xyz789$/,
    );
    expect(runnerName('p'.repeat(200), 'abc123', 'x'.repeat(32), 'xyz789')).toHaveLength(64);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.9999999, noNaN: true }), (random) => {
        expect(suffix(() => random)).toMatch(/^[a-z0-9]{6}$/);
      }),
      { seed: 1 },
    );
  });
});
