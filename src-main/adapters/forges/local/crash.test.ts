import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FaultPoint } from '../../../core/fault.ts';
import { ended, git, newRecord, repository, submission, type World, world, write } from './world.test-kit.ts';

// Real git and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const here = dirname(fileURLToPath(import.meta.url));
const modules = resolve(here, '../../../../node_modules');

/** A supervisor's share of the work in a process of its own, which can be killed. */
const program = `
  import { ended, submission, world } from ${JSON.stringify(join(here, 'world.test-kit.ts'))};
  const [step = '', folder = '', dir = ''] = process.argv.slice(2);
  const w = await world(process.env, folder);
  if (step === 'submit') await w.forge.submit(submission(dir, ['sh', '-c', 'cat a.txt'], { source: dir.endsWith('copy') ? 'copy' : 'commit' }));
  else {
    for (const record of w.store.runners().filter((r) => r.job !== null)) {
      const log = w.folderOf(record.name) + '/job-' + record.job + '/log';
      await w.forge.settle(record, w.folderOf(record.name), ended(record.job, { exitCode: 1, log }));
    }
  }
  w.store.close();
`;

let shop: World;
let bundle: string;
let w: World;
let repo: string;

beforeAll(async () => {
  shop = await world();
  const entry = join(shop.folder, 'program.ts');
  writeFileSync(entry, program);
  await build({
    configFile: false,
    logLevel: 'error',
    define: { __FAULT_POINTS__: 'true', __VERSION__: '"test"' },
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: join(shop.folder, 'dist'),
      rolldownOptions: { input: { program: entry }, output: { format: 'es', entryFileNames: '[name].mjs' } },
    },
  });
  bundle = join(shop.folder, 'dist', 'program.mjs');
  symlinkSync(modules, join(shop.folder, 'node_modules'));
});
afterAll(() => shop.end());

beforeEach(async () => {
  w = await world();
  repo = repository(join(w.folder, 'repo'));
});
afterEach(() => w.end());

/** Runs the program in `w`, killed at the point or to its end; what it left is read again. */
async function inProcess(step: 'submit' | 'settle', at: FaultPoint | null, dir = repo): Promise<void> {
  w.store.close();
  const env = { ...process.env, ...(at === null ? {} : { HOMERUNNER_CRASH_AT: at }) };
  const child = spawnSync(process.execPath, [bundle, step, w.folder, dir], { env, encoding: 'utf8' });
  expect([child.signal, child.stderr]).toEqual([at === null ? null : 'SIGKILL', '']);
  w = await world(process.env, w.folder);
}

const refs = () => git(repo, 'for-each-ref', '--format=%(refname)', 'refs/homerunner');
const jobs = () => w.store.jobs(99).rows.map(({ job }) => job);

describe('killed while a job is submitted', () => {
  it('before it is durable: nothing is left', async () => {
    await inProcess('submit', 'after-pin');
    expect([jobs(), w.store.refs(), refs()]).toEqual([[], [], '']);
  });

  it('after it is durable: it waits, its commit held', async () => {
    await inProcess('submit', 'after-submit');
    const [job] = jobs();
    expect([job?.state, refs()]).toEqual(['queued', `refs/homerunner/${job?.id ?? ''}`]);
    expect((await w.run(job!.id, await w.runner())).output).toBe('one\n');
    expect([w.store.refs(), refs()]).toEqual([[], '']);
  });

  it('after its folder was copied and it is durable: it runs', async () => {
    const copy = join(w.folder, 'copy');
    write(copy, { 'a.txt': 'copied\n' });
    await inProcess('submit', 'after-submit', copy);
    expect((await w.run(jobs()[0]!.id, await w.runner())).output).toBe('copied\n');
  });
});

describe('killed while a job is settled, and settled again', () => {
  const points: FaultPoint[] = ['after-outputs', 'after-pin', 'before-outcome', 'after-outcome'];
  it.each(points)('%s: one outcome, one retry, log and outputs kept, nothing stray', async (point) => {
    const asked = submission(repo, ['false'], { retries: 1, outputs: ['out', 'file', 'missing'] });
    const { job } = await w.forge.submit(asked);
    const claimed = await w.forge.claim(job.id, await w.runner());
    await w.forge.launch(claimed!, w.folderOf('hr-1'));
    await w.forge.started(claimed!, 1);
    const folder = w.folderOf('hr-1');
    write(join(folder, 'work'), { 'out/x': 'x', file: 'f' });
    write(join(folder, `job-${job.id}`), { log: 'said', 'log.base': '7' });

    await inProcess('settle', point);
    expect(w.store.job(job.id)?.job.state).toBe(point === 'after-outcome' ? 'failed' : 'running');
    await inProcess('settle', point === 'after-outcome' ? null : point);
    await inProcess('settle', null);
    await inProcess('settle', null);

    const { outputs, problem } = await w.forge.detail(job.id);
    expect(outputs).toEqual(['file', 'out/x']);
    expect(problem?.message).toBe('The output missing was not kept: it is not there.');
    const kept = (name: string) => readFileSync(join(w.home, 'jobs', job.id, name), 'utf8');
    expect([kept('log'), kept('log.base')]).toEqual(['said', '7']);
    expect(jobs()).toMatchObject([
      { id: `${job.id}-2`, state: 'queued', attempt: 2 },
      { id: job.id, state: 'failed', exitCode: 1, retriedAs: `${job.id}-2` },
    ]);
    expect(w.store.events(0, 9)).toHaveLength(1);
    expect(w.store.runner('hr-1')).toMatchObject({ job: null, jobsDone: 1 });
    expect(refs()).toBe(`refs/homerunner/${job.id}-2`);
    expect((await w.run(`${job.id}-2`, w.store.runner('hr-1')!)).record.jobsDone).toBe(2);
    expect([refs(), w.store.refs(), existsSync(join(folder, 'work'))]).toEqual(['', [], false]);
  });
});

it('moves every job forward to one outcome, in whatever order it is told', async () => {
  const name = fc.constantFrom('a', 'b');
  const step = fc.oneof(
    fc.record({ do: fc.constant('claim' as const), name }),
    fc.record({ do: fc.constant('started' as const), name }),
    fc.record({ do: fc.constant('settle' as const), name, exitCode: fc.constantFrom(0, 1, null) }),
    fc.record({ do: fc.constant('cancel' as const) }),
    fc.record({ do: fc.constant('fence' as const), name }),
    fc.record({ do: fc.constant('restart' as const) }),
  );
  const rank = (state: string) => ['queued', 'assigned', 'running'].indexOf(state) % 4;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      for (const record of w.store.runners()) await w.forge.remove(record);
      for (const runner of ['a', 'b']) {
        const record = newRecord(runner);
        w.store.putRunner({ ...record, registration: await w.forge.register(record) });
      }
      const { job } = await w.forge.submit(submission(w.folder, ['true'], { source: 'in-place' }));
      let before = w.store.job(job.id)!.job;
      for (const s of steps) {
        const record = 'name' in s ? w.store.runner(s.name)! : null;
        if (s.do === 'restart') w = await w.restart();
        else if (s.do === 'cancel') await w.forge.cancel(job.id).catch(() => undefined);
        else if (record === null) continue;
        else if (s.do === 'claim') await w.forge.claim(job.id, record);
        else if (s.do === 'started') await w.forge.started(record, 1);
        else if (s.do === 'fence') await w.forge.fence(record);
        else if (record.job !== null)
          await w.forge.settle(record, w.folderOf(s.name), ended(record.job, { exitCode: s.exitCode }));
        const after = w.store.job(job.id)!.job;
        if (before.result !== null) expect(after).toEqual(before);
        else if (after.result === null) expect(rank(after.state)).toBeGreaterThanOrEqual(rank(before.state));
        const holders = w.store.runners().filter((r) => r.job === job.id);
        expect(holders).toHaveLength(['assigned', 'running'].includes(after.state) ? 1 : 0);
        before = after;
      }
      const told = w.store.events(0, 20_000).filter((e) => e.subject === job.id);
      expect(told).toHaveLength(before.result === null ? 0 : 1);
      for (const record of w.store.runners())
        if (record.job !== null) await w.forge.settle(record, w.folderOf(record.name), ended(record.job));
    }),
    { numRuns: 40 },
  );
});
