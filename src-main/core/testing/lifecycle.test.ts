/** The promises about modes, pauses and stops, told step by step in calm simulated worlds. */
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../contract/pool.ts';
import { makePool, t0, wideHost } from './make.ts';
import { crash, makeWorld, type SimPool, submit, wake, type World } from './world.ts';
import { run } from './world-loop.ts';

const second = 1000;
const minute = 60_000;

function worldWith(pool: Partial<Pool>): { w: World; sim: SimPool } {
  const runner = { cores: 1, memoryMiB: 1024, pids: 100, fast: false };
  const w = makeWorld(1, wideHost, [{ pool: makePool(pool), runner, paused: false }]);
  const sim = w.pools.get('p');
  if (sim === undefined) throw new Error('the pool is there');
  return { w, sim };
}

const did = (w: World): string[] => w.done.map(({ action }) => action.do);
const dids = (w: World, what: string) => w.done.filter(({ action }) => action.do === what);

describe('modes', () => {
  it('auto: demand creates, idle ends after its timeout whatever is kept warm, and work brings it back', () => {
    const { w } = worldWith({ mode: 'auto', scaling: 'aggressive', idleTimeoutSeconds: 300 });
    run(w, t0 + minute);
    expect(did(w)).toEqual([]);
    submit(w, { forge: 'local', pool: 'p', durationMs: minute });
    run(w, w.now + 2 * second);
    expect(did(w)).toEqual(['intend', 'register', 'prepare', 'start']);
    run(w, w.now + minute + 290 * second);
    expect(w.journal.size).toBe(1);
    run(w, w.now + 15 * second);
    expect(did(w).slice(4)).toEqual(['settle', 'fence', 'remove', 'forget']);
    expect(w.journal.size + w.instances.size + w.registrations.size).toBe(0);
    const again = submit(w, { forge: 'local', pool: 'p', durationMs: minute });
    run(w, w.now + second);
    expect(again.starts).toBe(1);
  });

  it('manual: min runners are kept alive, from the start on and without any job', () => {
    const { w } = worldWith({ mode: 'manual', min: 2 });
    run(w, t0 + second);
    expect([...w.journal.values()].filter((r) => r.idleSince !== null)).toHaveLength(2);
    run(w, w.now + 60 * minute);
    expect(did(w)).toHaveLength(6);
  });

  it('manual: a dead waiting agent is started again, with a back-off that grows while it dies', () => {
    const { w } = worldWith({ forge: 'gitlab', mode: 'manual', min: 1 });
    const starts: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      for (const instance of w.instances.values()) instance.state = 'ended';
      const before = dids(w, 'start').length;
      while (dids(w, 'start').length === before) run(w, w.now + second);
      starts.push(dids(w, 'start').at(-1)?.at ?? 0);
    }
    const gaps = starts.slice(1).map((at, i) => Math.round((at - (starts[i] ?? 0)) / second));
    expect(gaps.every((gap, i) => i === 0 || gap >= (gaps[i - 1] ?? 0))).toBe(true);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(20);
  });

  it('ephemeral: one job per registration, and min are ready again', () => {
    const { w } = worldWith({ mode: 'ephemeral', min: 1, max: 1, scaling: 'lazy' });
    run(w, t0 + second);
    const jobs = [1, 2, 3].map(() => submit(w, { forge: 'local', pool: 'p', durationMs: second }));
    run(w, w.now + 10 * second);
    expect(jobs.map((j) => j.outcomes)).toEqual([['settled'], ['settled'], ['settled']]);
    expect(new Set(jobs.map((j) => j.runner)).size).toBe(3);
    expect([...w.journal.values()].map((r) => r.jobsDone)).toEqual([0]);
  });

  it('maxLifetime ends a runner after its current job', () => {
    const { w } = worldWith({ mode: 'manual', min: 1, max: 1, maxLifetimeSeconds: 60 });
    run(w, t0 + second);
    const job = submit(w, { forge: 'local', pool: 'p', durationMs: 2 * minute });
    run(w, w.now + 2 * minute + 5 * second);
    expect(job.outcomes).toEqual(['settled']);
    expect([...w.journal.keys()]).not.toContain(job.runner);
    expect(w.journal.size).toBe(1);
  });
});

describe('pause', () => {
  it.each(['local', 'github', 'gitlab'] as const)(
    '%s: ends what is idle, lets a job finish, and makes nothing until it is over',
    (forge) => {
      const { w, sim } = worldWith({ forge, mode: forge === 'gitlab' ? 'manual' : 'ephemeral', min: 2 });
      run(w, t0 + second);
      const job = submit(w, { forge, pool: 'p', durationMs: 5 * minute });
      run(w, w.now + second);
      sim.paused = true;
      wake(w);
      run(w, w.now + second);
      const late = submit(w, { forge, pool: 'p', durationMs: second });
      run(w, w.now + 4 * minute);
      expect([...w.journal.keys()]).toEqual([job.runner]);
      run(w, w.now + 4 * minute);
      expect(job.outcomes).toHaveLength(1);
      expect({ left: w.journal.size, late: late.starts }).toEqual({ left: 0, late: 0 });
      sim.paused = false;
      wake(w);
      run(w, w.now + minute);
      expect(late.outcomes).toHaveLength(1);
      expect(w.broken).toEqual([]);
    },
  );

  it('a fenced agent that does not exit gets its signal after 60 s, never before', () => {
    const { w, sim } = worldWith({ forge: 'gitlab', mode: 'manual', min: 1 });
    run(w, t0 + second);
    sim.paused = true;
    wake(w);
    run(w, w.now + 2 * minute);
    const [fence] = dids(w, 'fence');
    const [signal] = dids(w, 'signal');
    expect((signal?.at ?? 0) - (fence?.at ?? 0)).toBeGreaterThanOrEqual(minute);
    expect(did(w).slice(-4)).toEqual(expect.arrayContaining(['remove', 'forget']));
  });
});

describe('stop', () => {
  const begun = (): { w: World; job: ReturnType<typeof submit> } => {
    const { w } = worldWith({ mode: 'manual', min: 2 });
    run(w, t0 + second);
    const job = submit(w, { forge: 'local', pool: 'p', durationMs: 5 * minute });
    run(w, w.now + second);
    return { w, job };
  };

  it('drain: jobs finish, then everything is gone', () => {
    const { w, job } = begun();
    w.stop = 'drain';
    wake(w);
    run(w, w.now + 4 * minute);
    expect(job.outcomes).toEqual([]);
    run(w, w.now + 2 * minute);
    expect(job.outcomes).toEqual(['settled']);
    expect(w.journal.size + w.instances.size + w.registrations.size).toBe(0);
    expect(dids(w, 'signal')).toHaveLength(0);
  });

  it('now: jobs are signalled, killed after 10 s, and recorded', () => {
    const { w, job } = begun();
    w.stop = 'now';
    wake(w);
    run(w, w.now + 12 * second);
    expect(job.outcomes).toEqual(['settled']);
    expect(w.journal.size + w.instances.size + w.registrations.size).toBe(0);
    expect(dids(w, 'signal')).toHaveLength(1);
  });

  it('leave-running: only started jobs remain, and the next start adopts them', () => {
    const { w, job } = begun();
    w.stop = 'leave-running';
    wake(w);
    run(w, w.now + 10 * second);
    expect([...w.journal.keys()]).toEqual([job.runner]);
    crash(w);
    run(w, w.now + 6 * minute);
    expect(job.outcomes).toEqual(['settled']);
    expect(w.broken).toEqual([]);
  });
});

describe('what the journal has lost', () => {
  it('a job that lives is adopted and recorded once; left-over folders and ghosts go, ghosts after 60 s', () => {
    const { w } = worldWith({ mode: 'auto' });
    const job = submit(w, { forge: 'local', pool: 'p', durationMs: 2 * minute });
    run(w, t0 + second);
    w.journal.clear();
    w.instances.set('folder', { state: 'prepared', job: null, stopsAt: null });
    w.registrations.set('ghost', {
      forge: 'github',
      id: 'g',
      oneJob: true,
      pool: 'p',
      ...{ labels: [], scope: null, fenced: false, job: null, takesAt: null },
    });
    crash(w);
    run(w, w.now + 50 * second);
    expect([...w.registrations.keys()]).toContain('ghost');
    expect([...w.instances.keys()]).not.toContain('folder');
    run(w, w.now + 3 * minute);
    expect(job.outcomes).toEqual(['settled']);
    expect(w.journal.size + w.instances.size + w.registrations.size).toBe(0);
    expect(w.broken).toEqual([]);
  });
});

describe('cooldown', () => {
  it('delays the end of a surplus, never a new runner', () => {
    const { w } = worldWith({ mode: 'ephemeral', min: 0, max: 8, scaling: 'aggressive' });
    const burst = (n: number) =>
      Array.from({ length: n }, () => submit(w, { forge: 'local', pool: 'p', durationMs: 10 * second }));
    burst(3);
    run(w, t0 + second);
    const more = burst(4);
    run(w, w.now + second);
    expect(more.every((j) => j.starts === 1)).toBe(true);
    run(w, w.now + 5 * minute);
    expect(w.journal.size).toBe(7);
    run(w, w.now + 5 * minute);
    expect(w.journal.size).toBe(7);
    run(w, w.now + 40 * second);
    expect(w.journal.size).toBe(0);
  });
});
