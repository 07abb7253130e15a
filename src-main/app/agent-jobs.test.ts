/** The history of jobs that forges elsewhere hand out: one entry each, from its beginning to how it ended. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentJobs } from './agent-jobs.ts';
import { begin, Bench, forgeJob, outage, quiet, remoteRecord, told, works } from './app.test-kit.ts';

let bench: Bench;
let jobs: AgentJobs;

beforeEach(() => {
  bench = new Bench();
  start();
});

function start(): void {
  jobs = new AgentJobs(bench.deps, bench.restart(), () => undefined);
}

const turn = (ms = 0) => bench.turn(jobs, ms);

async function turns(count: number, ms: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await turn(ms);
}

const history = () => bench.history();
const record = () => bench.store.kept.get('r1');
const ended = (more = {}) => told({ endedAt: begin + 1000, result: 'succeeded', ...more });
const kill = () =>
  (bench.instances = (bench.instances ?? []).map((i) => ({ ...i, state: 'ended' as const })));

describe('a job', () => {
  it('is written down under the id of its forge, and ended by the words of its agent', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    expect(history()).toMatchObject([
      { id: 'gh-1', name: 'ann/app · build', runner: 'r1', state: 'running', createdAt: begin - 5000 },
    ]);
    expect(bench.state.taken.get('r1')).toMatchObject({ job: 'gh-1', at: begin });
    await turns(3, 15_000);
    bench.agents.set('r1', { ...quiet, job: ended() });
    await turns(3, 1000);
    expect(history()).toMatchObject([{ state: 'succeeded', endedBy: 'job', result: 'It succeeded.' }]);
    expect(history()[0]).toMatchObject({ endedAt: begin + 1000, peak: { cpu: 1 } });
    expect(record()).toMatchObject({ jobsDone: 1, lastJob: { name: 'build', startedAt: begin } });
    expect([...bench.logs]).toEqual([['gh-1', '/runners/r1/log']]);
    expect(bench.said).toHaveLength(2);
  });

  it('keeps of the log of an agent that persists what begins with it', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add({ oneJob: false });
    bench.agents.set('r1', { ...works, job: { ...told(), logFrom: 7 } });
    await turn();
    bench.agents.set('r1', { ...quiet, job: { ...ended(), logFrom: 7 } });
    await turns(3, 1000);
    expect([...bench.logs]).toEqual([['gh-1', '/runners/r1/log from 7']]);
  });

  it('whose forge does not tell yet is asked for every 2 s, and after 12 s goes by a name of ours', async () => {
    bench.add();
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    expect(jobs.nextLook()).toBe(bench.state.now() + 2000);
    await turns(5, 2000);
    expect(history()).toEqual([]);
    expect(bench.asked).toHaveLength(6);
    await turn(2000);
    expect(history()).toMatchObject([{ id: 'r1', name: 'ann/app · build', url: null }]);
  });

  it('whose worker has yet to begin is looked at again at once, for a while', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...quiet, job: told() });
    await turn();
    expect(jobs.nextLook()).toBe(bench.state.now() + 250);
    await turn(10_000);
    expect(jobs.nextLook()).toBeNull();
  });

  it('of which the worker still works is not ended by the word of its agent, where that takes one job', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...works, job: ended() });
    await turns(2, 1000);
    expect(history()).toMatchObject([{ state: 'running' }]);
    bench.agents.set('r1', { ...quiet, job: ended() });
    await turn(1000);
    expect(history()).toMatchObject([{ state: 'succeeded' }]);
  });

  it('that the owner ended by force says so, unless it succeeded first', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    const byForce = { ending: { why: 'Removed.', now: true, at: begin }, signalledAt: begin };
    bench.add(byForce);
    bench.agents.set('r1', { ...quiet, job: ended({ result: 'cancelled' }) });
    await turns(2, 1000);
    expect(history()).toMatchObject([{ state: 'cancelled', endedBy: 'owner' }]);
    bench.jobOf = () => Promise.resolve(forgeJob({ id: 'gh-2' }));
    bench.add({ ...byForce, name: 'r2' });
    bench.agents.set('r2', { ...quiet, job: ended() });
    await turns(2, 1000);
    expect(history()[1]).toMatchObject({ state: 'succeeded', endedBy: 'job' });
  });

  it('that the forge hands out again gets an entry of its own', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    for (const name of ['r1', 'r2']) {
      bench.add({ name });
      bench.agents.set(name, { ...quiet, job: ended() });
      await turns(2, 1000);
    }
    expect(history().map(({ id, runner }) => [id, runner])).toEqual([
      ['gh-1', 'r1'],
      ['gh-1-2', 'r2'],
    ]);
  });

  it('that cannot be written down, as on a full disk, is written later', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...works, job: told() });
    bench.store.onWrite = () => {
      throw new Error('full');
    };
    await turn();
    expect(history()).toEqual([]);
    expect(bench.warned).toHaveLength(1);
    bench.store.onWrite = () => undefined;
    await turn(15_000);
    expect(history()).toMatchObject([{ id: 'gh-1' }]);
  });
});

describe('one agent after another job', () => {
  it('has one entry for each, and never two for one', async () => {
    bench.add({ oneJob: false });
    for (const [n, name] of ['first', 'second'].entries()) {
      const startedAt = begin + n * 60_000;
      bench.jobOf = () => Promise.resolve(forgeJob({ id: `gh-${n}`, name }));
      bench.agents.set('r1', { ...works, job: told({ name, startedAt }) });
      await turn(1000);
      bench.agents.set('r1', {
        ...works,
        job: told({ name, startedAt, endedAt: startedAt + 9, result: 'failed' }),
      });
      await turns(3, 1000);
    }
    expect(history().map(({ id, state }) => [id, state])).toEqual([
      ['gh-0', 'failed'],
      ['gh-1', 'failed'],
    ]);
    expect(record()).toMatchObject({ jobsDone: 2, lastJob: { name: 'second' } });
  });
});

describe('a supervisor that was killed', () => {
  it('before the outcome goes on with the same entry', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    start();
    bench.agents.set('r1', { ...quiet, job: ended() });
    await turns(2, 1000);
    expect(history()).toMatchObject([{ id: 'gh-1', state: 'succeeded' }]);
  });

  it('between the outcome and the record of its runner changes neither', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...quiet, job: ended() });
    bench.store.onWrite = (what) => {
      if (what === 'putRunner') throw new Error('killed');
    };
    await turns(2, 1000);
    expect(history()).toMatchObject([{ state: 'succeeded' }]);
    bench.store.onWrite = () => undefined;
    start();
    await turns(2, 15_000);
    expect(history()).toHaveLength(1);
    expect(record()).toMatchObject({ jobsDone: 1 });
  });
});

describe('an agent that was gone without a word', () => {
  const gone = async (more = {}): Promise<void> => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add();
    bench.agents.set('r1', { ...works, job: told() });
    await turn();
    kill();
    bench.agents.set('r1', { ...quiet, job: told({ lastWordAt: begin + 5000, ...more }) });
  };

  it('whose worker lives on goes on with its job', async () => {
    await gone();
    bench.agents.set('r1', { ...works, job: told() });
    await turns(3, 60_000);
    expect(history()).toMatchObject([{ state: 'running' }]);
    expect([...bench.state.unwritten]).toEqual(['r1']);
    expect(jobs.nextLook()).not.toBeNull();
  });

  it('is not started again by a look that is older than what was just written down: it may have begun another', async () => {
    bench.jobOf = () => Promise.resolve(forgeJob());
    bench.add({ oneJob: false });
    bench.agents.set('r1', { ...quiet, job: ended() });
    kill();
    await turns(2, 0);
    expect(record()).toMatchObject({ jobsDone: 1 });
    await turn();
    expect([...bench.state.unwritten]).toEqual(['r1']);
    expect(jobs.nextLook()).not.toBeNull();
    await turn();
    expect([...bench.state.unwritten]).toEqual([]);
  });

  it('is waited for until the forge has noticed: a job that its worker finished is what it was', async () => {
    await gone();
    await turns(4, 30_000);
    expect(history()).toMatchObject([{ state: 'running' }]);
    expect(bench.state.agentJobs.get('r1')?.goneAt).not.toBeNull();
    bench.jobOf = () => Promise.resolve(forgeJob({ endedAt: begin + 6000, result: 'failed' }));
    await turn(15_000);
    expect(history()).toMatchObject([{ state: 'failed', result: 'It failed.', endedAt: begin + 6000 }]);
  });

  it('has lost its job where the forge ended it long after the last word', async () => {
    await gone();
    bench.endedBy = 'out-of-memory';
    bench.jobOf = () => Promise.resolve(forgeJob({ endedAt: begin + 600_000, result: 'failed' }));
    await turn(15_000);
    expect(history()).toMatchObject([{ state: 'lost', endedBy: 'out-of-memory', endedAt: begin + 600_000 }]);
    expect(bench.store.rows.get('gh-1')).toMatchObject({ job: { problem: { code: 'job-lost' } } });
    expect(bench.state.unwritten.size).toBe(1);
    await turn();
    expect(bench.state.unwritten.size).toBe(0);
  });

  it('has lost its job after 20 minutes in which the forge says nothing', async () => {
    await gone();
    bench.jobOf = outage;
    await turns(79, 15_000);
    expect(history()).toMatchObject([{ state: 'running' }]);
    await turns(3, 15_000);
    expect(history()).toMatchObject([{ state: 'lost', endedBy: 'unknown' }]);
  });

  it('has lost its job at once where the owner ended it', async () => {
    await gone();
    bench.state.put(remoteRecord({ ending: { why: 'Removed.', now: true, at: begin } }));
    bench.jobOf = outage;
    await turn();
    expect(history()).toMatchObject([{ state: 'lost' }]);
  });

  it('has not lost one that was finished as the owner ended it', async () => {
    await gone();
    bench.state.put(remoteRecord({ ending: { why: 'Removed.', now: true, at: begin } }));
    bench.jobOf = () => Promise.resolve(forgeJob({ endedAt: begin + 6000, result: 'succeeded' }));
    await turn();
    expect(history()).toMatchObject([{ state: 'succeeded', endedAt: begin + 6000 }]);
  });
});
