/** The wall clock jumps by a day in either direction: no job and no pause ends by it, and nothing is removed. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { configure, ended, Gate, left, running, submit } from './survive.ts';

const library = ['x86_64', 'aarch64']
  .map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find(existsSync);
const dayMs = 86_400_000;

let home: Home;
let gate: Gate;
let clock: string;
let supervisor: Running;

beforeEach(async (context) => {
  if (library === undefined) {
    context.skip('libfaketime is not installed (Debian package faketime)');
    return;
  }
  home = new Home();
  configure(home, 2);
  gate = new Gate(home);
  clock = path.join(home.path, 'clock');
  writeFileSync(clock, '+0');
  supervisor = await home.run({
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  });
});
afterEach(async () => {
  if (library !== undefined) await home.dispose();
});

/** Sets the supervisor's clock and waits until it has seen that. */
async function jump(to: string, days: number): Promise<void> {
  writeFileSync(clock, to);
  await until(
    async () => Math.abs((await home.status()).at - Date.now() - days * dayMs) < dayMs / 4,
    `the clock is ${to}`,
  );
}

test.each([
  ['forward', '+1d', 1],
  ['back', '-1d', -1],
])('a day %s', async (_title, to, days) => {
  const limited = await submit(home, gate.command(7), { timeoutSeconds: 3600 });
  await running(home, limited);
  await home.json(['pause', '--for', '1h', '--reason', 'lunch']);
  const waiting = await submit(home, ['true']);
  const runners = readdirSync(path.join(home.path, 'runners'));

  await jump(to, days);
  await sleep(1500);
  const status = await home.status();
  expect(status.pause).toMatchObject({ by: 'owner', reason: 'lunch', kind: 'duration' });
  expect(Math.round(((status.pause?.until ?? 0) - status.at) / 60_000)).toBeGreaterThan(57);
  expect(status.runners.map((r) => r.job?.id)).toEqual([limited]);
  expect(readdirSync(path.join(home.path, 'runners'))).toEqual(runners);
  expect((await home.job(waiting)).state).toBe('queued');

  await jump('+0', 0);
  gate.open();
  expect(await ended(home, limited)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });
  expect((await home.status()).pause).not.toBeNull();
  await home.json(['resume']);
  expect(await ended(home, waiting)).toMatchObject({ state: 'succeeded' });
  expect((await supervisor.stop()).code).toBe(0);
  expect(left(home)).toEqual([]);
});

test('a time limit passes by the time that a job has run, not by the clock', async () => {
  const id = await submit(home, ['sleep', '1000'], { timeoutSeconds: 3 });
  await running(home, id);
  await jump('-1d', -1);
  expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 124, endedBy: 'time-limit' });
});

test('a start after the clock was set back takes up jobs and lets no time limit end them', async () => {
  const id = await submit(home, gate.command(7), { timeoutSeconds: 3600 });
  await running(home, id);
  await jump('+1d', 1);
  await supervisor.kill();
  writeFileSync(clock, '+0');
  await home.run();
  await sleep(1000);
  expect((await home.job(id)).state).toBe('running');
  gate.open();
  expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });
});
