import { describe, expect, it } from 'vitest';
import { makeRecord } from '../../../../core/testing/make.ts';
import type { FakeJob } from '../fake-dto.test-kit.ts';
import { eachInAWorld, ids, install, pass, poolAt, type World } from './demand.test-kit.ts';

let world: World;
eachInAWorld((made) => (world = made));

describe('a job', () => {
  const name = `hr-${install}-p-aaaaaa`;
  const record = makeRecord({ name, account: 'me', scope: 'acme/site', oneJob: true });
  const told = {
    name: 'build',
    startedAt: 0,
    endedAt: null,
    result: null,
    repository: null,
    run: null,
  };

  /** Of the history. */
  const entryOf = (job: FakeJob | undefined) => {
    const run = world.github.repositories
      .get('acme/site')
      ?.runs.find(({ jobs }) => jobs.some(({ id }) => id === job?.id));
    const page = `https://github.com/acme/site/actions/runs/${run?.id}/job/${job?.id}`;
    return { id: `gh-${job?.id}`, url: page };
  };

  it('is known by its runner while it runs; its end is asked for once', async () => {
    world.github.repository('acme/site');
    const [job, other] = world.github.queue('acme/site', ['linux'], ['linux']);
    world.github.begin(job!, name);
    world.github.begin(other!, 'foreign');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(demand.jobOn(name)).toMatchObject({
      id: `gh-${job?.id}`,
      name: job?.name,
      startedAt: job?.startedAt,
    });
    expect(demand.jobOn('foreign')).toBeNull();
    const asked = world.github.requests.length;
    expect(await demand.jobOf(record, told)).toMatchObject({
      id: `gh-${job?.id}`,
      result: null,
      endedAt: null,
    });
    expect(world.github.requests.length).toBe(asked);
    world.github.end(job!, 'failure');
    const run = String(world.github.repositories.get('acme/site')?.runs[0]?.id);
    const ended = { ...told, run, endedAt: Date.now() };
    expect(await demand.jobOf(record, ended)).toMatchObject({ id: `gh-${job?.id}`, result: 'failed' });
    expect(world.github.requests.length).toBe(asked + 1);
    await demand.jobOf(record, ended);
    expect(world.github.requests.length).toBe(asked + 1);
  });

  it('whose agent ended without a word is asked for anew, also where only what it was made for is known', async () => {
    world.github.repository('acme/site');
    const [job, other] = world.github.queue('acme/site', ['linux'], ['linux']);
    world.github.begin(job!, name);
    world.github.begin(other!, 'foreign');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    world.github.end(job!, 'failure');
    const mute = { ...told, lastWordAt: null };
    const madeFor = (id: number | undefined) => ({ ...record, madeFor: `gh-${id}` });
    const asked = world.github.requests.length;
    // Its run is known, by what it was seen at; and by the job that it was made for, where it was never seen.
    const ended = { id: `gh-${job?.id}`, result: 'failed' };
    expect(await demand.jobOf(record, mute)).toMatchObject(ended);
    const anew = world.open([poolAt('acme/site')]);
    await pass(100);
    expect(await anew.jobOf(madeFor(job?.id), mute)).toMatchObject(ended);
    expect(await demand.jobOf({ ...madeFor(other?.id), name: `hr-${install}-p-bbbbbb` }, mute)).toBeNull();
    expect(world.github.requests.length).toBeGreaterThan(asked);
  });

  it('of a runner of a whole organisation is asked for where it was seen, though its agent told of no repository', async () => {
    world.github.repository('acme/site');
    const [job] = world.github.queue('acme/site', ['linux']);
    world.github.begin(job!, name);
    const demand = world.open([poolAt('acme')]);
    await pass(2000);
    world.github.end(job!, 'failure');
    const mute = { ...told, lastWordAt: null };
    const found = await demand.jobOf({ ...record, scope: 'acme', madeFor: null }, mute);
    expect(found).toMatchObject({ id: `gh-${job?.id}`, result: 'failed' });
  });

  it('is asked for by its entry of the history where nothing else tells, as by a new supervisor', async () => {
    world.github.repository('acme/site');
    const [job] = world.github.queue('acme/site', ['linux']);
    world.github.begin(job!, name);
    world.github.end(job!, 'failure');
    const demand = world.open([poolAt('acme')]);
    await pass(2000);
    const of = { ...record, scope: 'acme', madeFor: null };
    const mute = { ...told, lastWordAt: null };
    expect(await demand.jobOf(of, mute)).toBeNull();
    expect(await demand.jobOf(of, mute, entryOf(job))).toMatchObject({
      id: `gh-${job?.id}`,
      result: 'failed',
    });
  });

  it('is asked for by itself where its run lists it no more, as after that was run again', async () => {
    world.github.repository('acme/site');
    const [job] = world.github.queue('acme/site', ['linux']);
    const [other] = world.github.queue('acme/site', ['linux']);
    world.github.begin(job!, name);
    world.github.end(job!, 'failure');
    const demand = world.open([poolAt('acme')]);
    await pass(2000);
    const { url } = entryOf(other);
    const entry = { ...entryOf(job), url };
    expect(await demand.jobOf(record, { ...told, lastWordAt: null }, entry)).toMatchObject({
      id: `gh-${job?.id}`,
      result: 'failed',
    });
  });

  it('of one run that are lost together are asked for together', async () => {
    world.github.repository('acme/site');
    const lost = world.github.queue('acme/site', ['linux'], ['linux'], ['linux']);
    const nameOf = (n: number) => `hr-${install}-p-${String(100_000 + n)}`;
    lost.forEach((job, n) => {
      world.github.begin(job, nameOf(n));
    });
    const demand = world.open([poolAt('acme/site')], { checkMs: () => 3_600_000 });
    await pass(20_000);
    const endsAt = async (lastWordAt: number | null) => {
      const before = world.github.requests.length;
      for (const [n, job] of lost.entries()) {
        const of = { ...record, name: nameOf(n) };
        const found = await demand.jobOf(of, { ...told, lastWordAt }, entryOf(job));
        expect(found).toMatchObject({ id: `gh-${job.id}` });
        await pass(1000);
      }
      return world.github.requests.length - before;
    };
    expect(await endsAt(null)).toBe(1);
    // What may have been told since must be asked for.
    expect(await endsAt(Date.now())).toBe(3);
  });

  it('of a runner of a whole organisation of which nothing tells is looked for where runs go on', async () => {
    for (const each of ['acme/old', 'acme/site', 'acme/new']) world.github.repository(each);
    const demand = world.open([poolAt('acme')], { checkMs: () => 30_000 });
    await pass(5000);
    world.github.queue('acme/site', ['linux']);
    const [job] = world.github.queue('acme/site', ['linux']);
    await pass(40_000);
    world.github.begin(job!, name);
    const mute = { ...told, startedAt: Date.now(), lastWordAt: null };
    const of = { ...record, scope: 'acme', pool: 'p', madeFor: null };
    expect(await demand.jobOf(of, mute)).toBeNull();
    await pass(11_000);
    const before = world.github.requests.length;
    expect(await demand.jobOf(of, mute)).toMatchObject({ id: `gh-${job?.id}`, endedAt: null });
    expect(
      world.github.requests.slice(before).every(({ path }) => path.startsWith('/repos/acme/site/')),
    ).toBe(true);
    // What cannot be found is looked for seldom.
    const other = { ...of, name: `hr-${install}-p-bbbbbb` };
    await demand.jobOf(other, mute);
    const asked = world.github.requests.length;
    await demand.jobOf(other, mute);
    expect(world.github.requests.length).toBe(asked);
  });

  it('that ends shows the one that waited for it at once', async () => {
    world.github.repository('acme/site');
    const [job] = world.github.queue('acme/site', ['linux']);
    const demand = world.open([poolAt('acme/site')], { checkMs: () => 300_000 });
    await pass(500);
    const [run] = world.github.repositories.get('acme/site')?.runs ?? [];
    world.github.begin(job!, name);
    const next = { ...job!, id: 999, name: 'after', status: 'queued', runner: null, startedAt: null };
    run?.jobs.push(next);
    world.github.end(job!);
    expect(await demand.jobOf(record, { ...told, run: String(run?.id), endedAt: Date.now() })).not.toBeNull();
    expect(ids(demand)).toEqual(['gh-999']);
  });

  it('of a runner that persists is told by its name and time', async () => {
    world.github.repository('acme/site');
    const [first, second] = world.github.queue('acme/site', ['linux'], ['linux']);
    world.github.begin(first!, name);
    const demand = world.open([poolAt('acme/site')]);
    await pass(10_000);
    world.github.end(first!);
    await pass(20 * 60_000);
    world.github.begin(second!, name);
    await pass(15_000);
    const persistent = { ...record, oneJob: false };
    const of = (job: typeof first) =>
      demand.jobOf(persistent, { ...told, name: job!.name, startedAt: job!.startedAt ?? 0 });
    expect(await of(first)).toMatchObject({ id: `gh-${first?.id}` });
    expect(await of(second)).toMatchObject({ id: `gh-${second?.id}` });
  });

  it('of a runner that persists is looked for in the runs around it, where its agent tells none', async () => {
    world.github.repository('acme/site');
    const jobs = [1, 2].flatMap(() => world.github.queue('acme/site', ['linux']));
    const demand = world.open([poolAt('acme/site')], { checkMs: () => 300_000 });
    await pass(500);
    const [first, second] = jobs;
    world.github.begin(first!, name);
    world.github.end(first!);
    world.github.begin(second!, name);
    await pass(15_000);
    const lost = { ...told, name: second!.name, startedAt: second!.startedAt ?? 0, lastWordAt: null };
    const persistent = { ...record, oneJob: false };
    expect(await demand.jobOf(persistent, lost)).toMatchObject({ id: `gh-${second?.id}`, endedAt: null });
    world.github.end(second!, 'failure');
    await pass(11 * 60_000);
    const anew = world.open([poolAt('acme/site')], { checkMs: () => 3_600_000 });
    const ended = { id: `gh-${second?.id}`, result: 'failed' };
    expect(await anew.jobOf(persistent, lost)).toMatchObject(ended);
    const later = { ...lost, startedAt: lost.startedAt + 2 * 60_000 };
    expect(await demand.jobOf(persistent, later)).toBeNull();
  });

  it('of which nothing tells is found however many runs were made before and after it', async () => {
    world.github.repository('acme/site');
    const demand = world.open([poolAt('acme/site')], { checkMs: () => 3_600_000 });
    await pass(500);
    const runs = async (count: number) => {
      for (let n = 0; n < count; n += 1) {
        const [each] = world.github.queue('acme/site', ['linux']);
        world.github.begin(each!, 'foreign');
        world.github.end(each!);
        await pass(1000);
      }
    };
    await runs(40);
    const [job] = world.github.queue('acme/site', ['linux']);
    world.github.begin(job!, name);
    const mute = { ...told, name: job!.name, startedAt: Date.now(), lastWordAt: null };
    world.github.end(job!, 'failure');
    await runs(40);
    const persistent = { ...record, oneJob: false };
    expect(await demand.jobOf(persistent, mute)).toMatchObject({ id: `gh-${job?.id}`, result: 'failed' });
  });

  it('is unknown where neither looks nor its agent tell', async () => {
    world.github.repository('acme/site');
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    expect(await demand.jobOf(record, told)).toBeNull();
    const gone = demand.jobOf(record, { ...told, run: '999' });
    await expect(gone).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });

  it('is run again, and its run cancelled, where GitHub agrees', async () => {
    world.github.repository('acme/site');
    const [job, other] = world.github.queue('acme/site', ['linux'], ['linux']);
    const demand = world.open([poolAt('acme/site')]);
    await pass(500);
    const run = world.github.repositories.get('acme/site')?.runs[0]?.id;
    const ours = {
      id: `gh-${job?.id}`,
      forge: 'github',
      pool: 'p',
      name: 'build',
      url: `https://github.com/acme/site/actions/runs/${run}/job/${job?.id}`,
    } as never;
    expect(await demand.cancel(ours)).toContain('cancels the whole run');
    const refusal = (words: string) => ({
      problem: { code: 'usage', message: expect.stringContaining(words) as string },
    });
    // It ends between the question and the order.
    world.github.fault = (method) => (method === 'POST' ? { status: 409 } : null);
    await expect(demand.cancel(ours)).rejects.toMatchObject(refusal('does not cancel'));
    world.well();
    // What else is in its run goes on.
    world.github.end(job!);
    await expect(demand.cancel(ours)).rejects.toMatchObject(refusal('has ended already'));
    world.github.end(other!);
    expect(await demand.runAgain(ours)).toContain('once more');
    expect(world.github.requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
      `/repos/acme/site/actions/runs/${run}/cancel`,
      `/repos/acme/site/actions/runs/${run}/cancel`,
      `/repos/acme/site/actions/jobs/${job?.id}/rerun`,
    ]);
    const nowhere = demand.runAgain({ ...(ours as object), url: null, pool: null } as never);
    await expect(nowhere).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });
});
