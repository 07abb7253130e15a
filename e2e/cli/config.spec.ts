/** The configuration from one home to another, a job once more, the history and the load over the socket, a report. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ControlClient } from '../../src-main/adapters/control/client.ts';
import { ask, connectTo } from '../support/control.ts';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { homeOf } from '../support/users.ts';
import { me, Site, small, stackTrace } from './site.ts';

const settings = async (home: Home) =>
  (await home.json<{ config: Record<string, unknown> }>(['config', 'show'])).config;

describe('without a supervisor', () => {
  let home: Home;
  let other: Home;
  beforeAll(async () => {
    home = homeOf(me);
    other = homeOf(me);
    await home.json(['pool', 'add', '--forge', 'local', '--name', 'tests', ...small]);
  });
  afterAll(async () => {
    await home.dispose();
    await other.dispose();
  });

  test('set: what it says, what it means, what it is not', async () => {
    expect((await home.cli(['config', 'set', 'diskReserveGiB', '3'])).stdout).toBe(
      'diskReserveGiB is set.\n',
    );
    const nothing = await home.json<{ notes: string[] }>(['config', 'set', 'diskReserveGiB', '900000']);
    expect(nothing.notes.join()).toMatch(/nothing new starts/);
    await home.json(['config', 'set', 'diskReserveGiB', '3']);
    expect(await settings(home)).toMatchObject({ diskReserveGiB: 3, reserve: { cpuPercent: 20 } });
    for (const argv of [
      ['reserve.cpuPercent', 'all'],
      ['reserve', '9'],
      ['nothing', '9'],
    ]) {
      const done = await home.cli(['config', 'set', ...argv]);
      expect([done.code, done.stdout]).toEqual([2, '']);
      expect(done.stderr).toMatch(/^homerunner: .+/);
      expect(done.stderr).not.toMatch(stackTrace);
    }
  });

  test('export and import: the same again in another home, and the one before is kept', async () => {
    const file = path.join(home.path, 'mine.json');
    expect((await home.cli(['config', 'export', file])).code).toBe(0);
    expect((await home.cli(['config', 'export'])).stdout).toBe(readFileSync(file, 'utf8'));
    await other.json(['pool', 'add', '--forge', 'local', '--name', 'mine', ...small]);
    const done = await other.cli(['config', 'import', file]);
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/The pool tests is new\.\nThe pool mine is removed\./);
    expect(await settings(other)).toEqual(await settings(home));
    const kept = readdirSync(other.path).filter((name) => name.startsWith('config.json.before-'));
    expect(kept).toHaveLength(1);
  });

  test('import: refused whole, the field named', async () => {
    const before = readFileSync(path.join(other.path, 'config.json'), 'utf8');
    const file = path.join(other.path, 'wrong.json');
    for (const [text, subject] of [
      ['{"resyncSeconds": 9, "pools": [{"id": "a", "max": 0}]}', 'pools[0].max'],
      ['{"reserve": {"cpuPercent": "lots"}}', 'reserve.cpuPercent'],
    ] as const) {
      writeFileSync(file, text);
      const done = await other.cli(['config', 'import', file, '--json']);
      expect(done.code).toBe(1);
      expect(JSON.parse(done.stdout)).toMatchObject({ problem: { code: 'config-field', subject } });
    }
    writeFileSync(file, 'not JSON');
    expect((await other.cli(['config', 'import', file])).stderr).toMatch(/is not JSON/);
    expect(readFileSync(path.join(other.path, 'config.json'), 'utf8')).toBe(before);
  });

  test('report: without one too, and says so', async () => {
    const { code, stdout } = await home.cli(['report']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Homerunner report\n[^]*No supervisor runs\.[^]*"id": "tests"/);
    expect(await home.json<{ text: string }>(['report'])).toEqual({ text: expect.any(String) });
  });
});

describe('with a supervisor', () => {
  let site: Site;
  let control: ControlClient;
  beforeAll(async () => {
    site = new Site(me);
    await site.home.json(['pool', 'add', '--forge', 'local', '--max', '1', ...small]);
    await site.home.run();
    control = await connectTo(site.home);
  });
  afterAll(async () => {
    control.close();
    await site.dispose();
  });

  test('job again: the same commit, whatever was committed since', async () => {
    const dir = site.repository({ 'a.txt': 'one\n' });
    const first = await site.submit(dir, ['cat', 'a.txt']);
    expect(first).toMatchObject({ code: 0, stdout: 'one\n' });
    const [job] = await site.home.jobs();
    writeFileSync(path.join(dir, 'a.txt'), 'two\n');
    site.git(dir, 'commit', '--quiet', '--all', '--message', 'two');
    const again = await site.home.json<{ job: { id: string }; notes: string[] }>([
      'job',
      'again',
      job?.id ?? '',
    ]);
    expect(again.notes.join()).toMatch(/^It runs commit [0-9a-f]{12}, as it did before\.$/);
    expect(await site.home.outcome(again.job.id)).toMatchObject({ state: 'succeeded' });
    expect((await site.home.cli(['job', 'logs', again.job.id])).stdout).toBe('one\n');
    expect((await site.home.cli(['job', 'again', 'none'])).code).toBe(1);
  });

  test('history and load over the socket', async () => {
    const from = Date.now();
    await site.home.cli(['pause', '--reason', 'video call']);
    await site.home.cli(['resume']);
    const id = await site.home.submit(['sh', '-c', 'while :; do :; done']);
    await until(async () => (await site.home.job(id)).state === 'running', 'the job runs');
    const history = await ask(control, 'history', { from });
    expect(history.jobs.map((job) => job.id)).toContain(id);
    expect(history.spans).toMatchObject([{ kind: 'pause', pool: null, message: 'video call' }]);
    const abort = new AbortController();
    for await (const { machine, jobs } of control.stream('load', { interval: 500 }, abort.signal)) {
      if ((jobs[id]?.cpu ?? 0) <= 0.05) continue;
      expect(machine.cpu ?? 1).toBeGreaterThan(0);
      abort.abort();
    }
    expect(abort.signal.aborted).toBe(true);
    await site.home.cli(['job', 'cancel', id]);
    await site.home.outcome(id);
  });

  test('report: the state is in it, and secrets are not', async () => {
    const token = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
    await site.home.outcome(await site.home.submit(['echo', token]));
    const { stdout } = await site.home.cli(['report']);
    expect(stdout).not.toContain(token);
    expect(stdout).toMatch(/== State\n\{\n {2}"schema": 1/);
    expect(stdout).toMatch(/== Log\n.*The supervisor .* started/);
  });
});
