/** Pauses: for a time, until one, until a restart, of one pool; with a supervisor and without. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pause } from '../../src-main/contract/snapshot.ts';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { homeOf } from '../support/users.ts';
import { me, small } from './site.ts';

let home: Home;
beforeEach(async () => {
  home = homeOf(me);
  await home.json(['pool', 'add', '--forge', 'local', ...small]);
});
afterEach(() => home.dispose());

test('a pause for a length ends by itself, and the waiting job starts', async () => {
  await home.run();
  const before = Date.now();
  const pause = await home.json<Pause>(['pause', '--for', '2s', '--reason', 'a call']);
  expect(pause).toMatchObject({ by: 'owner', kind: 'duration', reason: 'a call' });
  expect(pause.until).toBeGreaterThanOrEqual(before + 2000);
  const submitted = await home.cli(['submit', '--in-place', '--', 'true']);
  expect(submitted.stderr).toMatch(/The job waits: Paused by you until \d\d:\d\d \(a call\)\./);
  const id = /as (\w+)/.exec(submitted.stdout)?.[1] ?? '';
  expect((await home.outcome(id)).startedAt).toBeGreaterThanOrEqual(before + 2000);
  expect((await home.status()).pause).toBeNull();
});

test('a pause until a time of day, and until tomorrow, ends at that moment', async () => {
  await home.run({ env: { TZ: 'UTC' } });
  const six = await home.json<Pause>(['pause', '--until', '18:00']);
  expect(new Date(six.until ?? 0).toTimeString()).toMatch(/^18:00:00/);
  expect(six.until).toBeGreaterThan(Date.now());
  expect(six.until).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000);
  const tomorrow = await home.json<Pause>(['pause', '--until', 'tomorrow']);
  expect(new Date(tomorrow.until ?? 0).toTimeString()).toMatch(/^08:00:00/);
  expect(tomorrow.until).toBeGreaterThan(Date.now() + 4 * 3_600_000);
  const status = await home.status();
  expect(status.pause).toEqual(tomorrow);
  expect(status.allowance).toMatchObject({ newRunners: false, reasons: [{ code: 'owner' }] });
});

test('a pause until the machine restarts outlives the supervisor', async () => {
  const first = await home.run();
  await home.json(['pause', '--until', 'restart']);
  await first.stop();
  await home.run();
  const status = await home.status();
  expect(status.pause).toMatchObject({ kind: 'restart', until: null });
  expect(status.state).toBe('paused');
  expect((await home.cli(['resume'])).stdout).toBe('Resumed.\n');
  expect((await home.cli(['resume'])).stdout).toBe('It was not paused.\n');
});

test('a pause of one pool holds that one alone', async () => {
  await home.json(['pool', 'add', '--forge', 'local', '--name', 'other', '--label', 'other', ...small]);
  await home.run();
  await home.json(['pause', '--pool', 'other']);
  const held = await home.submit(['true'], { args: ['--in-place', '--pool', 'other'] });
  const free = await home.submit(['true'], { args: ['--in-place', '--pool', 'local'] });
  expect((await home.outcome(free)).state).toBe('succeeded');
  expect((await home.job(held)).state).toBe('queued');
  const { pools, pause } = await home.status();
  expect(pause).toBeNull();
  expect(pools.map((pool) => [pool.id, pool.paused?.kind ?? null])).toEqual([
    ['local', null],
    ['other', 'indefinite'],
  ]);
  expect((await home.cli(['resume', '--pool', 'other'])).stdout).toBe('Resumed.\n');
  expect((await home.outcome(held)).state).toBe('succeeded');
});

test('without a supervisor a pause is what the next start obeys', async () => {
  const said = await home.cli(['pause', '--reason', 'away']);
  expect(said).toMatchObject({ code: 0, stdout: 'Paused until `homerunner resume`.\n' });
  await home.run();
  const id = await home.submit(['true']);
  const status = await until(async () => {
    const now = await home.status();
    return now.waitingTotal === 1 && now;
  }, 'the job waits');
  expect(status).toMatchObject({ state: 'paused', pause: { by: 'owner', reason: 'away' }, runners: [] });
  await home.json(['resume']);
  expect((await home.outcome(id)).state).toBe('succeeded');
});

test('without a supervisor a pause can be ended, too', async () => {
  await home.json(['pause', '--for', '4h']);
  expect(await home.json(['resume'])).toEqual({ resumed: true });
  await home.run();
  expect((await home.status()).pause).toBeNull();
});
