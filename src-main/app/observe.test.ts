/** What one look at the journal, the agents and a forge elsewhere makes of the world. */
import { beforeEach, describe, expect, it } from 'vitest';
import { phaseOf, stuckOfflineMs } from '../core/phase.ts';
import { plan } from '../core/plan.ts';
import type { Observation } from '../core/runner.ts';
import {
  makeForgeRunner,
  makeInput,
  makeInstance,
  makeJob,
  makePoolState,
  waitingAgent,
} from '../core/testing/make.ts';
import { begin, Bench, forgeJob, quiet, told } from './app.test-kit.ts';
import { observe, type World } from './observe.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

const minute = 60_000;
const works = { ...quiet, worker: 'running' as const, job: told() };
const look = (): Promise<World> => observe(bench.deps, bench.state);
const seen = (world: World, name = 'r1'): Observation | undefined =>
  world.observations.find((o) => o.name === name);
const waits = (id: string, more = {}) =>
  makeJob(id, {
    ...{ forge: 'github', scope: 'ann/app', labels: ['linux'], reach: { p: 'ann/app' } },
    ...{ createdAt: bench.wall - 1000, seenAt: bench.wall },
    ...more,
  });
const online = (more = {}) => makeForgeRunner({ forge: 'github', seenAt: bench.wall, ...more });

/** The phase of the runner r1 after a look, and the actions that a plan would take. */
async function planned() {
  const { observations, demand } = await look();
  const input = makeInput({
    now: bench.state.now(),
    pools: [
      makePoolState({ forge: 'github', scope: 'ann/app', account: 'ann', mode: 'ephemeral', min: 1, max: 1 }),
    ],
    ...{ observations, demand, ghostSince: bench.state.ghostSince },
  });
  const { phases, actions } = plan(input);
  return { ...phases.get('r1'), actions: actions.map((a) => `${a.do} ${a.key === 'r1' ? 'r1' : 'new'}`) };
}

describe('what cannot be asked', () => {
  it('is unknown, never absent: the machine, the forge, one scope, one agent', async () => {
    bench.add();
    bench.registered = [online()];
    bench.instances = null;
    expect(seen(await look())).toMatchObject({ instance: null, worker: 'unknown' });
    bench.instances = [makeInstance()];
    expect(seen(await look())).toMatchObject({ worker: 'none', forge: { online: true } });
    bench.registered = null;
    expect(seen(await look())).toMatchObject({ forge: 'unknown' });
    bench.registered = [];
    expect(seen(await look())).toMatchObject({ forge: 'absent' });
    bench.unknownScopes.add('ann/app');
    expect(seen(await look())).toMatchObject({ forge: 'unknown' });
    bench.agents.set('r1', 'the folder cannot be read');
    expect(seen(await look())).toMatchObject({ worker: 'unknown', told: null });
    bench.demand = new Error('no answer');
    expect((await look()).demand).toEqual({ github: 'unknown' });
  });

  it('ends no wait that was counted before', async () => {
    bench.demand = { jobs: [waits('j1', { createdAt: begin - minute })], total: 1 };
    await look();
    bench.demand = 'unknown';
    bench.pass(minute);
    await look();
    bench.demand = { jobs: [waits('j1', { createdAt: begin + 3 * minute })], total: 1 };
    expect((await look()).demand.github).toMatchObject({ jobs: [{ createdAt: begin - minute }] });
    bench.demand = { jobs: [], total: 0 };
    await look();
    expect(bench.state.waitingSince.size).toBe(0);
  });
});

describe('evidence', () => {
  it('of an agent counts before its forge has told: of the beginning, and of the end', async () => {
    bench.add();
    bench.registered = [online()];
    bench.agents.set('r1', works);
    expect(await planned()).toMatchObject({ phase: 'busy' });
    bench.agents.set('r1', { ...quiet, job: told({ endedAt: bench.wall, result: 'succeeded' }) });
    bench.registered = [online({ busy: true })];
    bench.instances = [makeInstance({ state: 'ended' })];
    expect(seen(await look())).toMatchObject({ forge: { busy: false }, told: null });
    expect(await planned()).toMatchObject({ phase: 'removing' });
  });

  it('of what is wrong with a running agent is shown, of one that has gone it is not', async () => {
    const trouble = { code: 'session-conflict' as never, message: 'Twice.', hint: 'Wait.' };
    bench.add();
    bench.agents.set('r1', { ...quiet, problem: trouble });
    expect(seen(await look())?.trouble).toEqual(trouble);
    bench.instances = [makeInstance({ state: 'ended' })];
    expect(seen(await look())?.trouble).toBeNull();
  });
});

describe('jobs that were taken', () => {
  it('wait no more, though the forge still says so: the one it was made for, or one like it', async () => {
    bench.add({ labels: ['linux'], madeFor: 'j2' });
    bench.registered = [online()];
    bench.demand = { jobs: [waits('j1'), waits('j2')], total: 2 };
    expect((await look()).demand.github).toMatchObject({ total: 2 });
    bench.agents.set('r1', works);
    expect((await look()).demand.github).toMatchObject({ total: 1, jobs: [{ id: 'j1' }] });
    // Known by now: another one's job.
    bench.state.taken.set('r1', { ...bench.state.taken.get('r1')!, job: 'j1' });
    expect((await look()).demand.github).toMatchObject({ total: 1, jobs: [{ id: 'j2' }] });
  });

  it('that an answer names which was asked for well after they began wait again', async () => {
    bench.add({ labels: ['linux'], madeFor: 'j1' });
    bench.agents.set('r1', works);
    bench.demand = { jobs: [waits('j1')], total: 1 };
    expect((await look()).demand.github).toMatchObject({ total: 0 });
    bench.pass(16_000);
    expect((await look()).demand.github).toMatchObject({ total: 0 });
    bench.demand = { jobs: [waits('j1')], total: 1 };
    expect((await look()).demand.github).toMatchObject({ total: 1 });
  });

  it('are taken once, however long they run and however little their agent tells', async () => {
    bench.add({ labels: ['linux'] });
    bench.agents.set('r1', { ...quiet, worker: 'running' });
    await look();
    bench.pass(11 * minute);
    await look();
    bench.pass(1000);
    bench.demand = { jobs: [waits('j1')], total: 1 };
    expect((await look()).demand.github).toMatchObject({ total: 1 });
    bench.state.records.delete('r1');
    await look();
    expect(bench.state.taken.size).toBe(0);
  });

  it('one after another by an agent that persists are each taken', async () => {
    bench.add({ oneJob: false, labels: ['linux'] });
    bench.agents.set('r1', works);
    await look();
    expect(bench.state.taken.get('r1')?.at).toBe(begin);
    bench.agents.set('r1', { ...works, job: told({ name: 'next', startedAt: begin + minute }) });
    await look();
    expect(bench.state.taken.get('r1')?.at).toBe(begin + minute);
  });
});

describe('ghosts', () => {
  it('count from the first fresh answer that shows them, and not while a record knows them', async () => {
    bench.add();
    bench.registered = [online(), online({ name: 'ghost', online: false })];
    await look();
    expect([...bench.state.ghostSince]).toEqual([['ghost', begin]]);
    const isRemoved = async () => (await planned()).actions.includes('remove new');
    bench.pass(70_000);
    // It is still the first answer.
    expect(await isRemoved()).toBe(false);
    const later = (seenAt: number) => [online(), online({ name: 'ghost', online: false, seenAt })];
    bench.registered = later(begin + 59_999);
    expect(await isRemoved()).toBe(false);
    bench.registered = later(begin + 60_000);
    expect(await isRemoved()).toBe(true);
    bench.registered = [online()];
    await look();
    expect(bench.state.ghostSince.size).toBe(0);
  });

  it('are not older than their answers, nor by a clock that was set', async () => {
    bench.registered = [online({ name: 'ghost', online: false })];
    await look();
    bench.wall += 3_600_000;
    bench.monotonic += 1000;
    bench.registered = [online({ name: 'ghost', online: false })];
    expect((await planned()).actions).not.toContain('remove new');
  });

  it('that are busy wait for their forge to notice', async () => {
    bench.registered = [online({ name: 'ghost', online: false, busy: true })];
    await look();
    bench.pass(5 * minute);
    expect((await planned()).actions.filter((action) => action.startsWith('remove'))).toEqual([]);
  });
});

describe('a listener that hangs', () => {
  const hang = async (ms: number) => {
    bench.pass(ms);
    bench.registered = [online({ online: false })];
    return planned();
  };

  it('is shown as not answering with the first answer that calls it offline, and is stuck after 5 minutes of these', async () => {
    bench.add();
    bench.registered = [online()];
    expect(await planned()).toMatchObject({ phase: 'idle', why: 'Ready for a job.', actions: [] });
    // GitHub sees it when its long poll has ended; its list is asked once a minute at the latest.
    const shown = await hang(85_000);
    expect(shown).toMatchObject({ phase: 'idle', actions: [] });
    expect(shown.why).toContain('calls it offline');
    for (let ms = 0; ms < stuckOfflineMs - 15_000; ms += 15_000) {
      expect(await hang(15_000)).toMatchObject({ phase: 'idle', actions: [] });
    }
    expect(await hang(15_000)).toMatchObject({ phase: 'stuck', actions: ['fence r1'] });
  });

  it('that never got as far as to listen has a minute to begin, and is stuck 5 minutes later', async () => {
    bench.add({ idleSince: null });
    bench.agents.set('r1', { ...quiet, listening: false });
    bench.registered = [online({ online: false })];
    expect(await planned()).toMatchObject({ phase: 'starting', actions: [] });
    expect(await hang(minute)).toMatchObject({ phase: 'starting' });
    expect(seen(await look())?.offlineSince).toBeNull();
    const late = await hang(minute);
    expect(late).toMatchObject({ phase: 'starting', actions: [] });
    expect(late.why).toContain('has not come online');
    expect(seen(await look())?.offlineSince).not.toBeNull();
    expect(await hang(stuckOfflineMs)).toMatchObject({ phase: 'stuck', actions: ['fence r1'] });
  });

  it('and whose registration is gone does not hear that either: it is replaced as one that is offline', async () => {
    bench.add();
    bench.registered = [];
    expect(await planned()).toMatchObject({ phase: 'idle', why: 'Ready for a job.' });
    bench.pass(2 * minute);
    const shown = await planned();
    expect(shown).toMatchObject({ phase: 'idle', actions: [] });
    expect(shown.why).toContain('does not know it any more');
    bench.pass(stuckOfflineMs);
    expect(await planned()).toMatchObject({ phase: 'stuck', actions: ['fence r1'] });
  });

  it('is not stuck where the answers are old, missing, or in between say that it is online', async () => {
    bench.add();
    bench.registered = [online({ online: false, seenAt: begin })];
    await look();
    bench.pass(10 * minute);
    expect(await planned()).toMatchObject({ phase: 'idle', why: 'Ready for a job.' });
    await hang(0);
    bench.pass(4 * minute);
    bench.registered = null;
    expect(await planned()).toMatchObject({ phase: 'idle' });
    await hang(minute);
    bench.registered = [online()];
    bench.pass(minute);
    await planned();
    expect(await hang(4 * minute)).toMatchObject({ phase: 'idle', actions: [] });
  });

  it('that tells of a job which nobody does and its forge denies is stuck after 10 minutes', async () => {
    bench.add();
    bench.agents.set('r1', { ...quiet, job: told() });
    const turn = (): Promise<{ phase?: string; actions: readonly string[] }> => {
      bench.registered = [online()];
      return planned();
    };
    expect(await turn()).toMatchObject({ phase: 'busy', actions: [] });
    bench.pass(10 * minute - 1);
    expect(await turn()).toMatchObject({ phase: 'busy' });
    bench.pass(1);
    expect(await turn()).toMatchObject({ phase: 'stuck', actions: ['fence r1'] });
  });
});

describe('after a crash', () => {
  it('a runner that its forge still holds busy waits for it to notice, and is removed then', async () => {
    bench.add({}, { state: 'ended' });
    bench.agents.set('r1', { ...quiet, job: told() });
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.registered = [online({ busy: true, online: false })];
    const waiting = await planned();
    expect(waiting).toMatchObject({ phase: 'removing', actions: [] });
    expect(waiting.why).toContain('has not noticed yet');
    // Its outcome is written down by then.
    bench.state.put({ ...bench.state.records.get('r1')!, jobsDone: 1 });
    bench.registered = [online({ online: false })];
    bench.pass(10 * minute);
    expect((await planned()).actions).toContain('remove r1');
  });
});

it('how long an adopted job has run is told by the wall clock once, then by the monotonic one', async () => {
  bench.add({ forge: 'github' }, { job: 'j1' });
  const job = { id: 'j1', name: 'j', url: null, startedAt: begin - minute, timeLimitMs: null, cancel: false };
  bench.registered = [online({ busy: true, job })];
  expect(seen(await look())?.jobElapsedMs).toBe(minute);
  bench.wall += 3_600_000;
  bench.monotonic += 5000;
  expect(seen(await look())?.jobElapsedMs).toBe(minute + 5000);
  expect(phaseOf(seen(await look())!, bench.state.now(), waitingAgent.agent).phase).toBe('busy');
});
