/** Single decisions of the plan; whole courses of events are in testing/. */
import { describe, expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-types.ts';
import type { Observation, RunnerRecord } from './runner.ts';
import {
  makeForgeJob,
  makeForgeRunner,
  makeInput,
  makeInstance,
  makeJob,
  makePoolState,
  makeRecord,
  observe,
  t0,
  wideHost,
} from './testing/make.ts';

const minute = 60_000;
const running = makeInstance();
const ending = { why: 'Paused.', now: false, at: t0 };

const did = (input: Partial<PlanInput>): string[] => plan(makeInput(input)).actions.map((a) => a.do);
const github = (record: Partial<RunnerRecord>, more: Partial<Observation> = {}): Observation =>
  observe(makeRecord({ forge: 'github', startedAt: t0, ...record }), { instance: running, ...more });
const pools = [makePoolState({ mode: 'manual', min: 1, max: 1 })];

describe('the plan', () => {
  it('answers the same when asked twice, and hands a job out once', () => {
    const jobs = [makeJob('a'), makeJob('b')];
    const input = makeInput({
      pools: [makePoolState()],
      observations: [observe(makeRecord())],
      demand: { local: { jobs, total: 2 } },
    });
    expect(plan(input)).toEqual(plan(input));
    expect(plan(input).actions).toMatchObject([{ do: 'intend' }, { do: 'start', job: 'a' }]);
  });

  it('does nothing to what it cannot see', () => {
    const blind = { instance: null, worker: 'unknown' } as const;
    const records = [{}, { job: 'j' }, { ending, fencedAt: t0 }, { preparedAt: null }];
    expect(
      did({
        pools,
        observations: records.map((r, i) => observe(makeRecord({ ...r, name: `r${i}` }), blind)),
      }),
    ).toEqual([]);
    const ghost = observe(null, blind);
    expect(did({ observations: [ghost], now: t0 + 2 * minute, ghostSince: new Map([['r1', t0]]) })).toEqual(
      [],
    );
  });

  it('gives nothing new to a runner with an action under way', () => {
    expect(
      did({ pools, observations: [observe(makeRecord({ preparedAt: null }))], inFlight: new Set(['r1']) }),
    ).toEqual([]);
  });

  it('does not take a job for waiting that a runner has by the journal', () => {
    const demand = { local: { jobs: [makeJob('j')], total: 1 } };
    const observations = [observe(makeRecord({ job: 'j' }), { instance: makeInstance({ job: 'j' }) })];
    expect(did({ pools: [makePoolState()], observations, demand })).toEqual([]);
  });

  it('leaves at least the stagger between the registrations of a pool, over turns too', () => {
    const jobs = [makeJob('a'), makeJob('b'), makeJob('c')];
    const before = observe(makeRecord({ registration: null, preparedAt: null, notBefore: t0 + 5000 }), {
      forge: 'absent',
    });
    const { actions } = plan(
      makeInput({
        pools: [makePoolState()],
        observations: [before],
        demand: { local: { jobs, total: 3 } },
        staggerMs: 10_000,
      }),
    );
    expect(actions.flatMap((a) => (a.do === 'intend' ? [a.record.notBefore - t0] : []))).toEqual([
      15_000, 25_000,
    ]);
  });

  it('makes a new runner for each place of max only when the old one is cleaned up', () => {
    const gone = observe(makeRecord({ ending, fencedAt: t0, removedAt: t0 }));
    expect(did({ pools, observations: [gone] })).toEqual(['forget']);
    expect(did({ pools, observations: [] })).toEqual(['intend']);
  });

  it('keeps room for a waiting job rather than fill it with warmth', () => {
    const large = makePoolState(
      { id: 'large' },
      { runner: { cores: 4, memoryMiB: 1, pids: 1, fast: false } },
    );
    const small = makePoolState({ id: 'small', mode: 'manual', min: 3 });
    const busy = observe(makeRecord({ pool: 'small', job: 'j' }), { instance: makeInstance({ job: 'j' }) });
    const demand = { local: { jobs: [makeJob('x', { pool: 'large' })], total: 1 } };
    const capacity = { ...wideHost, cores: 4 };
    expect(did({ pools: [large, small], observations: [busy], demand, capacity })).toEqual([]);
    expect(did({ pools: [large, small], observations: [busy], capacity })).toEqual(['intend', 'intend']);
  });

  it('changes nothing for a demand that is unknown', () => {
    const demand = { local: 'unknown' } as const;
    expect(
      did({ pools: [makePoolState()], observations: [observe(makeRecord())], demand, now: t0 + 60 * minute }),
    ).toEqual([]);
  });
});

it('a dead agent is not started again while its worker is unknown: what is left of the former ends with that', () => {
  const dead = { instance: makeInstance({ state: 'ended' }), forge: makeForgeRunner({ online: false }) };
  const manual = [makePoolState({ forge: 'github', mode: 'manual', min: 1 })];
  const steps = (worker: Observation['worker']) =>
    did({ pools: manual, observations: [github({}, { ...dead, worker })], now: t0 + minute });
  expect(steps('none')).toEqual(['start']);
  expect(steps('unknown')).toEqual([]);
  expect(steps('running')).toEqual([]);
});

describe('a demand that is known in part', () => {
  const demand = { local: { jobs: [makeJob('x'), makeJob('y')], total: 2, unknown: ['p'] } };

  it('is served as far as it is known', () => {
    const { actions, pools } = plan(makeInput({ pools: [makePoolState({ id: 'p' })], demand }));
    expect(actions.map((action) => action.do)).toEqual(['intend', 'intend']);
    expect(pools.get('p')).toMatchObject({ want: 2, isWhole: false });
  });

  it('ends nothing', () => {
    const record = makeRecord({ pool: 'p', forge: 'github', oneJob: true, startedAt: t0, idleSince: t0 });
    const idle = observe(record, { instance: running, forge: makeForgeRunner() });
    const pool = makePoolState({ id: 'p', forge: 'github', max: 1, idleTimeoutSeconds: 60 });
    const none = { github: { jobs: [], total: 0 } };
    const late = { pools: [pool], observations: [idle], now: t0 + 60 * minute };
    expect(did({ ...late, demand: none })).toEqual(['fence']);
    expect(did({ ...late, demand: { github: { ...none.github, unknown: ['p'] } } })).toEqual([]);
  });
});

describe('an ending agent', () => {
  const fenced = { ending, fencedAt: t0 };
  const late = { now: t0 + minute };
  const gitlab = [makePoolState({ forge: 'github', mode: 'manual', min: 0 })];
  const steps = (o: Observation, more: Partial<PlanInput> = {}) =>
    did({ pools: gitlab, observations: [o], ...more });

  it.each<[string, string[], Observation, Partial<PlanInput>]>([
    ['waits for 60 s after its fence', [], github(fenced), { now: t0 + minute - 1 }],
    ['is signalled then', ['signal'], github(fenced), late],
    [
      'waits as long where it is stuck: it may just have come back and been handed a job, for which the fence came too late',
      [],
      github(fenced, { offlineSince: t0 - 5 * minute, forge: makeForgeRunner({ online: false }) }),
      { now: t0 + minute - 1 },
    ],
    [
      'is signalled then where it is stuck',
      ['signal'],
      github(fenced, { offlineSince: t0 - 5 * minute, forge: makeForgeRunner({ online: false }) }),
      late,
    ],
    ['is killed 10 s later', ['kill'], github({ ...fenced, signalledAt: t0 }), late],
    [
      'is left while the forge says busy',
      [],
      github(fenced, { forge: makeForgeRunner({ busy: true }) }),
      late,
    ],
    [
      'is not signalled while its registration for one job is there: the forge refused the fence for a job of which nothing shows yet',
      ['fence'],
      github({ ...fenced, oneJob: true }, { forge: makeForgeRunner() }),
      late,
    ],
    [
      'is signalled when that registration is gone',
      ['signal'],
      github({ ...fenced, oneJob: true }, { forge: 'absent' }),
      late,
    ],
    ['is left while the forge is unknown', [], github(fenced, { forge: 'unknown' }), late],
    ['is left while its worker is unknown', [], github(fenced, { worker: 'unknown' }), late],
    ['is left while its worker runs', [], github(fenced, { worker: 'running' }), late],
    [
      'is not removed while a worker outlives it',
      [],
      github(fenced, { instance: null, worker: 'running' }),
      late,
    ],
    [
      'is not removed while the forge counts on its job',
      [],
      github(fenced, { instance: null, forge: makeForgeRunner({ busy: true }) }),
      late,
    ],
    [
      'is removed when it has exited',
      ['remove'],
      github(fenced, { instance: makeInstance({ state: 'ended' }) }),
      {},
    ],
    [
      'is ended at once by the owner’s now',
      ['signal'],
      github({ ...fenced, ending: { ...ending, now: true } }, { worker: 'running' }),
      {},
    ],
    [
      'is fenced first where a failure left it running',
      ['fence'],
      github({ failure: { problem: problem('unexpected', 'x', 'y').problem, at: t0 } }),
      late,
    ],
  ])('%s', (_, expected, o, more) => {
    expect(steps(o, more)).toEqual(expected);
  });

  it.each(['running', 'ended'] as const)(
    'that was started untold and is %s is written down first',
    (state) => {
      const untold = { startedAt: null, ...fenced };
      expect(steps(github(untold, { instance: makeInstance({ state }) }), late)).toEqual(['adopt']);
      expect(steps(github({ startedAt: null }, { instance: makeInstance({ state }) }), {})).toEqual([
        'adopt',
      ]);
      expect(steps(github(untold, { instance: makeInstance({ state: 'prepared' }) }), {})).toEqual([
        'remove',
      ]);
    },
  );

  it('that cannot be fenced is never ended while idle', () => {
    const o = observe(makeRecord({ forge: 'gitea', startedAt: t0, ...fenced }), { instance: running });
    expect(did({ pools: [makePoolState({ forge: 'gitea' })], observations: [o], ...late })).toEqual([]);
    expect(
      did({ pools: [makePoolState({ forge: 'gitea' })], observations: [o], ...late, stop: 'now' }),
    ).toEqual(['fence']);
  });
});

describe('a running job', () => {
  const record = makeRecord({ job: 'j' });
  const at = (
    job: Parameters<typeof makeForgeJob>[0],
    more: Partial<Observation> = {},
    input: Partial<PlanInput> = {},
  ) =>
    did({
      pools,
      observations: [
        observe(record, {
          instance: makeInstance({ job: 'j' }),
          worker: 'running',
          forge: makeForgeRunner({ busy: true, job: makeForgeJob(job) }),
          jobElapsedMs: 1000,
          ...more,
        }),
      ],
      ...input,
    });

  it('that runs without the journal knowing is written down, never started again', () => {
    const record = makeRecord({ job: 'j' });
    const o = { ...observe(record, { instance: makeInstance({ job: 'j' }), worker: 'running' }), record };
    expect(plan(makeInput({ pools: [makePoolState()], observations: [o] })).actions.map((a) => a.do)).toEqual(
      ['adopt'],
    );
  });

  it('that had begun and is gone without a trace gets its outcome, and no second beginning', () => {
    const begun = observe(makeRecord({ job: 'j', startedAt: t0 }));
    const input = makeInput({ pools: [makePoolState()], observations: [begun] });
    expect(plan(input).actions.map((a) => a.do)).toEqual(['settle']);
  });

  it('runs on, until it is cancelled, its time is over, or the owner says now', () => {
    expect(at({})).toEqual([]);
    expect(at({ timeLimitMs: 1001 })).toEqual([]);
    expect(at({ timeLimitMs: 1000 })).toEqual(['signal']);
    expect(at({ cancel: true })).toEqual(['signal']);
    expect(at({}, {}, { stop: 'drain' })).toEqual([]);
    expect(at({}, {}, { stop: 'now' })).toEqual(['fence']);
  });

  it('has its outcome recorded when its process has ended, and is begun when it was only claimed', () => {
    expect(at({}, { instance: makeInstance({ job: 'j', state: 'ended' }) })).toEqual(['settle']);
    expect(at({}, { instance: makeInstance({ state: 'prepared' }) })).toEqual(['start']);
    expect(at({ cancel: true }, { instance: makeInstance({ state: 'prepared' }) })).toEqual(['settle']);
  });
});
