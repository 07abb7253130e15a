/** What every forge must do, whichever it is: the loop relies on no more and no less. */
import { describe, expect, it } from 'vitest';
import type { ForgeKit, JobEnd } from '../../core/forge-port.ts';
import type { ForgeRunner, RunnerRecord } from '../../core/runner.ts';

export interface ForgeUnderTest {
  readonly kit: ForgeKit;
  /** A record as the loop has written it before it registers the runner. */
  intended(name: string): RunnerRecord;
  /** Puts a job into the forge's queue; its id. */
  queueJob(): Promise<string>;
  /** The owner wants this job to end. */
  cancelJob(job: string): Promise<void>;
  /** The durable state of a job. */
  stateOf(job: string): string;
  folder(name: string): string;
  end(): Promise<void>;
}

const endOf = (job: string, change: Partial<JobEnd> = {}): JobEnd => ({
  job,
  exitCode: 0,
  endedAt: 1,
  by: null,
  peak: { cpu: null, memoryMiB: null },
  log: '/nowhere',
  problem: null,
  ...change,
});

async function registered(t: ForgeUnderTest, name: string): Promise<RunnerRecord> {
  const record = t.intended(name);
  return { ...record, registration: await t.kit.register(record) };
}

async function seen({ kit }: ForgeUnderTest, name: string): Promise<ForgeRunner | undefined> {
  return (await kit.runners())?.find((runner) => runner.name === name);
}

async function waiting({ kit }: ForgeUnderTest): Promise<unknown> {
  const demand = await kit.demand();
  return demand === 'unknown' ? demand : demand.jobs.map((job) => job.id);
}

const contract: Readonly<Record<string, (t: ForgeUnderTest) => Promise<void>>> = {
  'registers by name: twice is once': async (t) => {
    const first = await registered(t, 'a');
    expect(await t.kit.register(first)).toBe(first.registration);
    const ids = (await t.kit.runners())?.map((r) => [r.name, r.id]);
    expect(ids).toEqual([['a', first.registration]]);
  },

  'removes by name where the id was never written down; absent is success': async (t) => {
    await registered(t, 'a');
    await t.kit.remove({ name: 'a', registration: null });
    expect(await t.kit.runners()).toEqual([]);
    await t.kit.remove({ name: 'a', registration: 'x' });
  },

  'shows a runner idle, busy, and idle again': async (t) => {
    const runner = await registered(t, 'a');
    expect(await seen(t, 'a')).toMatchObject({ online: true, busy: false, fenced: false, job: null });
    const job = await t.queueJob();
    const claimed = await t.kit.claim(job, runner);
    expect(claimed).toMatchObject({ name: 'a', job });
    expect(await seen(t, 'a')).toMatchObject({
      busy: true,
      job: { id: job, cancel: false, startedAt: null },
    });
    await t.kit.started(claimed ?? runner, 5000);
    expect(await seen(t, 'a')).toMatchObject({ job: { startedAt: 5000 } });
    const settled = await t.kit.settle(claimed ?? runner, t.folder('a'), endOf(job));
    expect(settled).toMatchObject({ job: null, jobsDone: 1, process: null });
    expect(settled.idleSince).not.toBeNull();
    expect(await seen(t, 'a')).toMatchObject({ busy: false, job: null });
    expect(t.stateOf(job)).toBe('succeeded');
  },

  'tells waiting jobs oldest first, until they are claimed': async (t) => {
    const jobs = [await t.queueJob(), await t.queueJob(), await t.queueJob()];
    expect(await waiting(t)).toEqual(jobs);
    await t.kit.claim(jobs[1] ?? '', await registered(t, 'a'));
    expect(await waiting(t)).toEqual([jobs[0], jobs[2]]);
  },

  'hands a job to one runner only, and a runner one job only': async (t) => {
    const [a, b] = [await registered(t, 'a'), await registered(t, 'b')];
    const [one, two] = [await t.queueJob(), await t.queueJob()];
    const claimed = await t.kit.claim(one, a);
    expect(claimed).not.toBeNull();
    expect(await t.kit.claim(one, b)).toBeNull();
    expect(await t.kit.claim(two, claimed ?? a)).toBeNull();
    expect(await t.kit.claim('unknown', b)).toBeNull();
    expect(t.stateOf(two)).toBe('queued');
  },

  'hands nothing to a runner that is fenced or not registered': async (t) => {
    const runner = await registered(t, 'a');
    const job = await t.queueJob();
    expect(await t.kit.claim(job, t.intended('stranger'))).toBeNull();
    expect(await t.kit.fence(runner)).toBe('fenced');
    expect(await t.kit.fence(runner)).toBe('fenced');
    expect(await seen(t, 'a')).toMatchObject({ fenced: true });
    expect(await t.kit.claim(job, runner)).toBeNull();
    expect(await waiting(t)).toEqual([job]);
  },

  'says busy when the fence comes after a job, which goes on to its end': async (t) => {
    const job = await t.queueJob();
    const claimed = await t.kit.claim(job, await registered(t, 'a'));
    expect(await t.kit.fence(claimed ?? t.intended('a'))).toBe('busy');
    await t.kit.settle(claimed ?? t.intended('a'), t.folder('a'), endOf(job));
    expect(t.stateOf(job)).toBe('succeeded');
  },

  'tells the wish to cancel, and takes a waiting job out at once': async (t) => {
    const [running, queued] = [await t.queueJob(), await t.queueJob()];
    const claimed = await t.kit.claim(running, await registered(t, 'a'));
    await t.cancelJob(running);
    await t.cancelJob(queued);
    expect(await seen(t, 'a')).toMatchObject({ job: { id: running, cancel: true } });
    expect(t.stateOf(queued)).toBe('cancelled');
    expect(await waiting(t)).toEqual([]);
    await t.kit.settle(
      claimed ?? t.intended('a'),
      t.folder('a'),
      endOf(running, { by: 'owner', exitCode: 143 }),
    );
    expect(t.stateOf(running)).toBe('cancelled');
  },

  'settles once: a second time changes nothing': async (t) => {
    const job = await t.queueJob();
    const claimed = await t.kit.claim(job, await registered(t, 'a'));
    const first = await t.kit.settle(claimed ?? t.intended('a'), t.folder('a'), endOf(job, { exitCode: 3 }));
    const again = await t.kit.settle(
      claimed ?? t.intended('a'),
      t.folder('a'),
      endOf(job, { by: 'machine' }),
    );
    expect(again).toEqual(first);
    expect(t.stateOf(job)).toBe('failed');
  },

  'wakes whoever watches when work comes, until they leave': async (t) => {
    let woken = 0;
    const leave = t.kit.watch(() => (woken += 1));
    await t.queueJob();
    expect(woken).toBeGreaterThan(0);
    leave();
    const before = woken;
    await t.queueJob();
    expect(woken).toBe(before);
  },
};

/** Runs the contract against a forge whose agents begin with their job. */
export function describeForge(name: string, make: () => Promise<ForgeUnderTest>): void {
  describe(`${name} as a forge`, () => {
    it.each(Object.entries(contract))('%s', async (_promise, test) => {
      const t = await make();
      try {
        await test(t);
      } finally {
        await t.end();
      }
    });
  });
}
