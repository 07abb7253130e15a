/** Jobs that begin while their forge is out of reach: named by it when it answers again, in one entry of the history. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AgentJobs } from './agent-jobs.ts';
import { begin, Bench, forgeJob, outage, quiet, settle, told, works } from './app.test-kit.ts';

let bench: Bench;
let jobs: AgentJobs;
let wakes: number;

beforeEach(() => {
  bench = new Bench();
  start();
});

function start(): void {
  wakes = 0;
  jobs = new AgentJobs(bench.deps, bench.restart(), () => (wakes += 1));
}

const turn = (ms: number) => bench.turn(jobs, ms);

const history = () => bench.history();

/** A job runs, and the forge has been out of reach for longer than its name is waited for. */
async function unnamed(): Promise<void> {
  bench.jobOf = outage;
  bench.add({ name: 'hr-1' });
  bench.agents.set('hr-1', { ...works, job: told() });
  for (let n = 0; n < 8; n += 1) await turn(2000);
  expect(history()).toMatchObject([{ id: 'hr-1', name: 'ann/app · build', url: null, state: 'running' }]);
}

describe('a job without a name', () => {
  it('is named while it runs, once the forge answers; its one entry ends under that name', async () => {
    await unnamed();
    bench.jobOf = () => Promise.resolve(forgeJob());
    expect(jobs.nextLook()).not.toBeNull();
    await turn(15_000);
    const { id, url, createdAt } = forgeJob();
    expect(history()).toMatchObject([{ id, url, createdAt, name: 'ann/app · build', state: 'running' }]);
    expect(bench.state.agentJobs.get('hr-1')).toMatchObject({ id, url });
    expect(bench.state.taken.get('hr-1')).toMatchObject({ job: id });
    expect(wakes).toBeGreaterThan(0);

    const asked = bench.asked.length;
    for (let n = 0; n < 5; n += 1) await turn(60_000);
    expect(bench.asked).toHaveLength(asked);
    bench.agents.set('hr-1', { ...quiet, job: told({ endedAt: bench.wall, result: 'succeeded' }) });
    await turn(1000);
    expect(history()).toMatchObject([{ id, state: 'succeeded', endedAt: bench.wall - 1000 }]);
    expect([...bench.logs.keys()]).toEqual([id]);
  });

  it('is named after it has ended and its runner is gone, with the log that was kept of it', async () => {
    await unnamed();
    bench.agents.set('hr-1', { ...quiet, job: told({ endedAt: bench.wall, result: 'failed' }) });
    await turn(1000);
    expect(history()).toMatchObject([{ id: 'hr-1', state: 'failed' }]);
    bench.state.records.delete('hr-1');
    bench.agents.clear();
    bench.jobOf = () => Promise.resolve(forgeJob());
    await turn(60_000);
    expect(history()).toMatchObject([{ id: 'gh-1', state: 'failed', url: forgeJob().url }]);
    expect([...bench.logs.keys()]).toEqual(['gh-1']);
    expect(bench.store.nameless.size).toBe(0);
    expect(jobs.nextLook()).toBeNull();
  });

  it('is asked for with what its agent told while it was asked for', async () => {
    await unnamed();
    let answer: (job: null) => void = () => undefined;
    bench.jobOf = () => new Promise((resolve) => (answer = resolve));
    await turn(15_000);
    bench.agents.set('hr-1', { ...works, job: told({ run: '7', repository: 'ann/app' }) });
    await turn(1000);
    answer(null);
    await settle();
    // Its runner is gone: nobody tells it again.
    bench.state.records.delete('hr-1');
    bench.agents.clear();
    bench.jobOf = () => Promise.resolve(forgeJob());
    await turn(60_000);
    expect(bench.asked.at(-1)).toMatchObject({ run: '7', repository: 'ann/app' });
  });

  it('is named by the next supervisor, while it runs and after it has ended', async () => {
    await unnamed();
    start();
    await turn(1000);
    expect(history()).toMatchObject([{ id: 'hr-1' }]);
    bench.agents.set('hr-1', { ...quiet, job: told({ endedAt: bench.wall, result: 'succeeded' }) });
    await turn(1000);
    bench.state.records.delete('hr-1');
    bench.store.kept.clear();
    bench.agents.clear();
    start();
    bench.jobOf = () => Promise.resolve(forgeJob());
    await turn(1000);
    expect(history()).toMatchObject([{ id: 'gh-1', state: 'succeeded' }]);
  });

  it('has one entry, though its supervisor was killed after its outcome and before the record of its runner', async () => {
    await unnamed();
    bench.store.onWrite = (what) => {
      if (what === 'putRunner') throw new Error('killed');
    };
    bench.agents.set('hr-1', { ...quiet, job: told({ endedAt: bench.wall, result: 'succeeded' }) });
    await turn(1000);
    bench.store.onWrite = () => undefined;
    start();
    for (let n = 0; n < 10; n += 1) await turn(5000);
    expect(history()).toMatchObject([{ id: 'hr-1', state: 'succeeded' }]);
    expect(bench.state.records.get('hr-1')).toMatchObject({ jobsDone: 1 });
  });

  it('is not another that began in the same second on the same agent', async () => {
    bench.jobOf = outage;
    bench.add({ name: 'hr-1', oneJob: false });
    for (const name of ['build', 'lint']) {
      const job = told({ name, endedAt: begin + 500, result: 'succeeded' });
      bench.agents.set('hr-1', { ...quiet, job });
      for (let n = 0; n < 9; n += 1) await turn(2000);
    }
    expect(history().map(({ id, state }) => [id, state])).toEqual([
      ['hr-1', 'succeeded'],
      ['hr-1-2', 'succeeded'],
    ]);
  });

  it('is asked for with what the files of its worker tell later', async () => {
    await unnamed();
    const origin = { repository: 'ann/app', run: '7' };
    bench.agents.set('hr-1', { ...works, job: told(origin) });
    await turn(0);
    bench.agents.clear();
    bench.instances = [];
    start();
    await turn(60_000);
    expect(bench.asked.at(-1)).toMatchObject({ ...origin, endedAt: null });
  });

  it('takes a name of its own where the history has that id already', async () => {
    await unnamed();
    bench.store.port.insertJob({ ...bench.store.rows.get('hr-1')!, job: { ...history()[0]!, id: 'gh-1' } });
    bench.jobOf = () => Promise.resolve(forgeJob());
    await turn(15_000);
    expect(history().map(({ id }) => id)).toEqual(['gh-1', 'gh-1-2']);
  });

  it('is asked for ever less often where the forge does not know it, and at last no more', async () => {
    await unnamed();
    bench.jobOf = () => Promise.resolve(null);
    const before = bench.asked.length;
    for (let n = 0; n < 240; n += 1) await turn(15_000);
    const inAnHour = bench.asked.length - before;
    expect(inAnHour).toBeGreaterThan(10);
    expect(inAnHour).toBeLessThan(20);
    bench.pass(8 * 24 * 3_600_000);
    await turn(0);
    expect(bench.store.nameless.size).toBe(0);
    expect(history()).toMatchObject([{ id: 'hr-1' }]);
  });

  it('loses neither its outcome nor its name where both come at once', async () => {
    await unnamed();
    bench.jobOf = () => Promise.resolve(forgeJob());
    let kept = (): void => undefined;
    bench.keeping = new Promise((resolve) => (kept = resolve));
    const endedAt = begin + 17_000;
    bench.agents.set('hr-1', { ...quiet, job: told({ endedAt, result: 'succeeded' }) });
    await turn(15_000);
    expect(history()).toMatchObject([{ id: 'hr-1', state: 'running' }]);
    kept();
    await settle();
    expect(history()).toMatchObject([{ id: 'hr-1', state: 'succeeded', endedAt }]);
    await turn(15_000);
    expect(history()).toMatchObject([{ id: 'gh-1', state: 'succeeded', endedAt }]);
    expect([...bench.logs.keys()]).toEqual(['gh-1']);
  });
});
