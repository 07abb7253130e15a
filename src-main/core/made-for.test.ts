import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan } from './plan.ts';
import type { PoolState } from './plan-types.ts';
import type { WaitingJob } from './forge-port.ts';
import type { Observation, RunnerRecord } from './runner.ts';
import { isPast, stillWaiting } from './taken.ts';
import {
  makeForgeRunner,
  makeInput,
  makeInstance,
  makeJob,
  makePoolState,
  makeRecord,
  observe,
  t0,
} from './testing/make.ts';

const minute = 60_000;
const offered = ['self-hosted', 'linux', 'x64', 'fast', 'big'];

function job(id: string, more: Partial<WaitingJob> = {}): WaitingJob {
  return makeJob(id, {
    forge: 'github',
    scope: 'acme/app',
    labels: ['self-hosted'],
    reach: { p: 'acme/app' },
    createdAt: t0 - 1000,
    ...more,
  });
}

function pool(more: Partial<PoolState['pool']> = {}): PoolState {
  return makePoolState({ forge: 'github', scope: 'acme/app', account: 'octo', ...more }, { labels: offered });
}

function record(name: string, more: Partial<RunnerRecord> = {}): RunnerRecord {
  return makeRecord({
    name,
    forge: 'github',
    scope: 'acme/app',
    account: 'octo',
    labels: ['self-hosted'],
    oneJob: true,
    startedAt: t0,
    ...more,
  });
}

function idle(r: RunnerRecord): Observation {
  return observe(r, {
    instance: makeInstance({ name: r.name }),
    forge: makeForgeRunner({ name: r.name, forge: 'github' }),
  });
}

function decide(
  jobs: readonly WaitingJob[],
  observations: readonly Observation[] = [],
  state: PoolState = pool(),
) {
  const planned = plan(
    makeInput({ pools: [state], observations, demand: { github: { jobs, total: jobs.length } } }),
  );
  return planned.actions.flatMap((a) => (a.do === 'intend' ? [a.record] : []));
}

it('a runner serves a job however the forge spells where both are', () => {
  const ready = idle(record('r1', { scope: 'Acme/App', madeFor: 'other' }));
  expect(decide([job('a')], [ready])).toEqual([]);
  const taken = { record: record('r1', { scope: 'Acme/App' }), at: t0, job: null };
  expect(stillWaiting([job('a', { seenAt: t0 })], [taken], t0)).toEqual([]);
});

describe('runners made for a job', () => {
  it('carry exactly its labels, in lower case, and are registered where it is', () => {
    const [made] = decide([job('a', { labels: ['self-hosted', 'Fast'] })]);
    expect(made).toMatchObject({ madeFor: 'a', scope: 'acme/app', labels: ['self-hosted', 'fast'] });
  });

  it('are registered at the repository of the job in a pool over all of an owner', () => {
    const reach = { p: 'me/two' };
    const [made] = decide([job('a', { scope: 'me/two', reach })], [], pool({ scope: 'me/*' }));
    expect(made).toMatchObject({ scope: 'me/two', madeFor: 'a' });
  });

  it('are made at once, one for each of the jobs of a matrix', () => {
    const jobs = Array.from({ length: 8 }, (_, i) => job(`m${i}`));
    const made = decide(jobs, [], pool({ max: 8 }));
    expect(new Set(made.map((r) => r.madeFor)).size).toBe(8);
  });

  it('are not made for a job that an idle runner can take', () => {
    expect(decide([job('a')], [idle(record('r1', { labels: offered }))])).toEqual([]);
  });

  it('are made beside an idle runner whose labels are not enough', () => {
    const made = decide([job('a', { labels: ['self-hosted', 'big'] })], [idle(record('r1'))]);
    expect(made.map((r) => r.madeFor)).toEqual(['a']);
  });

  it('are made beside one that is registered at another repository', () => {
    const other = idle(record('r1', { scope: 'me/one', madeFor: 'gone' }));
    const reach = { p: 'me/two' };
    const made = decide([job('a', { scope: 'me/two', reach })], [other], pool({ scope: 'me/*' }));
    expect(made.map((r) => r.scope)).toEqual(['me/two']);
  });

  it('let an idle one that cannot take the job end first where the pool is full', () => {
    const other = idle(record('r1', { madeFor: 'gone' }));
    const jobs = [job('a', { labels: ['self-hosted', 'big'] })];
    const input = {
      pools: [pool({ max: 1 })],
      observations: [other],
      demand: { github: { jobs, total: 1 } },
    };
    const { actions } = plan(makeInput(input));
    expect(actions).toMatchObject([{ do: 'fence', key: 'r1', now: false }]);
  });

  it('take turns between repositories', () => {
    const at = (repository: string, id: string): WaitingJob =>
      job(id, { scope: repository, reach: { p: repository } });
    const jobs = [at('me/one', 'a1'), at('me/one', 'a2'), at('me/one', 'a3'), at('me/two', 'b1')];
    const made = decide(jobs, [], pool({ scope: 'me/*', max: 2 }));
    expect(made.map((r) => r.madeFor)).toEqual(['a1', 'b1']);
  });

  it('are kept although the pool has more labels than they carry', () => {
    const { actions } = plan(
      makeInput({
        pools: [pool()],
        observations: [idle(record('r1', { madeFor: 'a' }))],
        demand: { github: { jobs: [job('a')], total: 1 } },
      }),
    );
    expect(actions).toEqual([]);
  });

  it('are never made without a job in a pool over several repositories', () => {
    expect(decide([], [], pool({ scope: 'me/*', mode: 'ephemeral', min: 2 }))).toEqual([]);
  });
});

describe('a job that was begun here', () => {
  const taken = { record: record('r1', { madeFor: 'a' }), at: t0, job: null };

  it('waits no more, whatever an older answer of the forge says', () => {
    expect(stillWaiting([job('a', { seenAt: t0 - 10 }), job('b')], [taken], t0)).toMatchObject([{ id: 'b' }]);
  });

  it('stands for another that its runner could take, as long as nobody knows which it was', () => {
    expect(stillWaiting([job('b')], [taken], t0)).toEqual([]);
    expect(stillWaiting([job('b')], [{ ...taken, job: 'a' }], t0)).toHaveLength(1);
    expect(stillWaiting([job('b', { labels: ['big'] })], [taken], t0)).toHaveLength(1);
  });

  it('is another than the one that its runner was made for, where a runner is known to have taken that one', () => {
    const other = { ...taken, job: 'a', record: record('r2', { madeFor: 'b' }) };
    expect(stillWaiting([job('a'), job('b')], [taken, other], t0)).toEqual([]);
  });

  it('waits again when a much later answer says so', () => {
    expect(stillWaiting([job('a', { seenAt: t0 + minute })], [taken], t0 + minute)).toHaveLength(1);
  });

  it('is forgotten after ten minutes', () => {
    expect([isPast(taken, t0 + 9 * minute), isPast(taken, t0 + 11 * minute)]).toEqual([false, true]);
  });

  it('takes at most one job off the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 20 }), fc.nat(5), (ids, n) => {
        const jobs = ids.map((id) => job(id));
        const begun = Array.from({ length: n }, () => taken);
        expect(stillWaiting(jobs, begun, t0).length).toBeGreaterThanOrEqual(jobs.length - n);
      }),
    );
  });
});
