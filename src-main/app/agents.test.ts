import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import { makeForgeRunner, makeInstance } from '../core/testing/make.ts';
import { lookAtAgents, presentJob, toldJob, withEvidence } from './agents.ts';
import { begin, Bench, quiet, remoteRecord, told } from './app.test-kit.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const look = () =>
  lookAtAgents(new Map((bench.instances ?? []).map((i) => [i.name, i])), bench.deps, bench.state);
const broken = problem('agent-outdated', 'It is too old.', 'A newer one is fetched.').problem;

describe('a look at all agents', () => {
  it('passes over what has no process yet, and what is not its own', async () => {
    bench.add({ name: 'started' });
    bench.add({ name: 'prepared', startedAt: null });
    bench.add({ name: 'gone' }, null);
    bench.add({ name: 'local', forge: 'local' });
    expect([...(await look()).keys()]).toEqual(['started']);
  });

  it('says nothing of one that cannot be looked at, so that nothing follows from it', async () => {
    const record = bench.add({ idleSince: null });
    bench.agents.set('r1', 'no such folder');
    expect((await look()).get('r1')).toEqual({ ...quiet, worker: 'unknown', listening: false });
    expect(bench.state.records.get('r1')).toEqual(record);
    expect(bench.warned).toHaveLength(1);
  });

  it('writes down once that it listens', async () => {
    bench.add({ idleSince: null });
    bench.agents.set('r1', { ...quiet, listening: false });
    await look();
    expect(bench.store.kept.get('r1')?.idleSince).toBeNull();
    bench.agents.set('r1', quiet);
    await look();
    bench.pass(1000);
    await look();
    expect(bench.store.kept.get('r1')?.idleSince).toBe(begin);
  });
});

describe('an agent that ended by itself', () => {
  const end = (more: object = {}) => {
    bench.agents.set('r1', { ...quiet, problem: broken, ...more });
    return look();
  };
  const backoff = () => bench.state.memoryOf('p').backoff.failures;

  it('has failed with its pool, whose next runner waits', async () => {
    bench.add({}, { state: 'ended' });
    await end();
    await end();
    expect(bench.store.kept.get('r1')?.failure).toMatchObject({ problem: { code: 'agent-outdated' } });
    expect(backoff()).toBe(1);
    expect(bench.state.poolProblems.get('p')).toMatchObject({ message: 'It is too old.' });
  });

  it('has not failed where it has told of a job, is ending, runs still, or something of it is under way', async () => {
    bench.add({}, { state: 'ended' });
    await end({ job: told() });
    bench.state.put(remoteRecord({ ending: { why: 'Paused.', now: false, at: begin } }));
    await end();
    bench.state.put(remoteRecord());
    bench.state.unsure = new Set(['r1']);
    await end();
    bench.state.unsure = new Set();
    bench.instances = [makeInstance()];
    await end();
    expect(backoff()).toBe(0);
    expect(bench.store.kept.get('r1')?.failure).toBeNull();
  });

  it('because it was deleted at its forge is replaced at once: that is no failure of its pool', async () => {
    const deleted = problem('not-found', 'It was deleted.', 'It is replaced.').problem;
    bench.add({}, { state: 'ended' });
    await end({ problem: deleted });
    expect(bench.store.kept.get('r1')?.failure).toMatchObject({ problem: { code: 'not-found' } });
    expect(backoff()).toBe(0);
    expect(bench.state.poolProblems.size).toBe(0);
  });

  it('that persists is started again, unless it says what is wrong', async () => {
    bench.add({ oneJob: false }, { state: 'ended' });
    const exit = problem('unexpected', 'It ended with 2.', 'It is started again.').problem;
    await end({ problem: exit });
    expect(bench.store.kept.get('r1')?.failure).toBeNull();
    // With another version it may go on.
    await end({ problem: broken });
    expect(bench.store.kept.get('r1')?.failure).toBeNull();
    bench.pass(60_000);
    await end({ problem: exit });
    expect(backoff()).toBe(1);
    const deleted = problem('not-found', 'It was deleted.', 'It is replaced.').problem;
    await end({ problem: deleted });
    expect(bench.store.kept.get('r1')?.failure).not.toBeNull();
  });

  it('that persists has failed though it tells of its last job, as soon as that is written down', async () => {
    const lastJob = { name: told().name, startedAt: told().startedAt };
    const ended = { job: told({ endedAt: begin, result: 'succeeded' as const }) };
    const deleted = problem('not-found', 'It was deleted.', 'It is replaced.').problem;
    bench.add({ oneJob: false }, { state: 'ended' });
    await end({ ...ended, problem: deleted });
    expect(bench.store.kept.get('r1')?.failure).toBeNull();
    bench.state.put(remoteRecord({ oneJob: false, lastJob }));
    await end({ ...ended, problem: deleted });
    expect(bench.store.kept.get('r1')?.failure).toMatchObject({ problem: { code: 'not-found' } });
  });
});

describe('of the end of its job', () => {
  const busy = makeForgeRunner({ busy: true });
  const over = { ...quiet, job: told({ endedAt: begin, result: 'succeeded' as const }) };

  it('its agent knows before the forge: one that has gone is idle, one that runs on is what the forge says', () => {
    expect(withEvidence(busy, over, makeInstance({ state: 'ended' }))).toMatchObject({ busy: false });
    expect(withEvidence(busy, over, makeInstance())).toMatchObject({ busy: true });
    expect(withEvidence(busy, { ...over, worker: 'running' }, null)).toBe(busy);
    expect(withEvidence(busy, { ...quiet, job: told() }, null)).toBe(busy);
    expect(withEvidence('unknown', over, null)).toBe('unknown');
    expect(withEvidence('absent', over, null)).toBe('absent');
  });
});

describe('the job that is shown', () => {
  it('is the one that its agent tells of until it has ended here, by the name that is known of it', () => {
    const works = { ...quiet, worker: 'running' as const, job: told({ endedAt: begin }) };
    expect(toldJob('r1', works, bench.state)).toEqual({
      id: 'r1',
      name: 'build',
      url: null,
      startedAt: begin,
    });
    expect(toldJob('r1', { ...works, worker: 'none' }, bench.state)).toBeNull();
    expect(toldJob('r1', undefined, bench.state)).toBeNull();
    const known = { id: 'gh-1', name: 'app · build', url: 'https://github.com/1', startedAt: begin };
    bench.state.agentJobs.set('r1', { ...known, askAt: 0, goneAt: null });
    expect(toldJob('r1', works, bench.state)).toEqual(known);
    expect(presentJob(remoteRecord(), bench.state)).toBe('gh-1');
    bench.state.agentJobs.set('r1', { ...known, id: null, askAt: 0, goneAt: null });
    expect(presentJob(remoteRecord(), bench.state)).toBe('r1');
    expect(presentJob(remoteRecord({ name: 'other' }), bench.state)).toBeNull();
    expect(presentJob(remoteRecord({ name: 'other', job: 'j1' }), bench.state)).toBe('j1');
  });
});
