/** The machine went down while a job ran: the next start says so, waits for the owner, and calls the job lost by the machine. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { configure, ended, Gate, isAlive, jobThat, left, pidOf, submit } from './survive.ts';

let home: Home;
let gate: Gate;
beforeEach(() => {
  home = new Home();
  configure(home, 2);
  gate = new Gate(home);
});
afterEach(async () => {
  await home.dispose();
});

const otherBoot = '00000000-1111-2222-3333-444444444444';

/** As after a power cut: no process is left, and all that is written down is of another boot. */
async function powerCut(pids: readonly number[], kill: () => Promise<void>): Promise<void> {
  await until(() => written() === pids.length, 'what runs is durable, some milliseconds after it began');
  await kill();
  for (const pid of pids) process.kill(-pid, 'SIGKILL');
  await until(() => !pids.some(isAlive), 'the processes are gone');
  const db = new Database(path.join(home.path, 'state.db'));
  db.exec(
    `UPDATE runners SET record = json_set(record, '$.process.bootId', '${otherBoot}') WHERE job IS NOT NULL`,
  );
  db.close();
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  for (const file of stateFiles()) writeFileSync(file, readFileSync(file, 'utf8').replace(boot, otherBoot));
}

/** How many runners have a process by the journal, as another process reads it. */
function written(): number {
  const db = new Database(path.join(home.path, 'state.db'), { readonly: true });
  try {
    const sql = `SELECT count(*) AS n FROM runners WHERE json_extract(record, '$.process.pid') IS NOT NULL`;
    return (db.prepare(sql).get() as { n: number }).n;
  } finally {
    db.close();
  }
}

function stateFiles(): string[] {
  const runners = path.join(home.path, 'runners');
  return readdirSync(runners, { recursive: true, encoding: 'utf8' })
    .filter((name) => /job-[^/]+\/process$/.test(name))
    .map((name) => path.join(runners, name));
}

test('a job that ran is lost by the machine, new work waits 10 minutes, and resume ends that', async () => {
  const first = await home.run();
  const id = await submit(home, gate.command(0));
  const again = await submit(home, gate.command(0), { retries: 1 });
  const pids = [await pidOf(home, id), await pidOf(home, again)];
  await powerCut(pids, () => first.kill());

  const second = await home.run();
  expect(await ended(home, id)).toMatchObject({
    state: 'lost',
    exitCode: 125,
    endedBy: 'machine',
    result: 'The machine went down while it ran.',
  });
  const retried = await jobThat(home, again, 'is retried', (job) => job.retriedAs !== null);
  expect(second.stderr).toMatch(
    /The machine went down while 2 jobs ran\. New work waits 10 minutes; `homerunner resume` begins at once\./,
  );
  const status = await home.status();
  expect(status.allowance).toMatchObject({ newRunners: false, reasons: [{ code: 'unclean-shutdown' }] });
  const waits = (status.allowance.reasons[0]?.until ?? 0) - status.at;
  expect(waits).toBeGreaterThan(9 * 60_000);
  expect(waits).toBeLessThanOrEqual(10 * 60_000);
  const waiting = await submit(home, ['true']);
  expect((await home.cli(['why', waiting])).stdout).toContain('The machine went down while jobs ran');

  await second.kill(); // another crash does not begin the ten minutes anew, nor forget them
  const third = await home.run();
  const later = await home.status();
  expect(later.allowance.reasons[0]).toMatchObject({
    code: 'unclean-shutdown',
    until: status.allowance.reasons[0]?.until,
  });
  gate.open();
  await home.json(['resume']);
  expect(await ended(home, waiting)).toMatchObject({ state: 'succeeded' });
  expect(await ended(home, retried.retriedAs ?? '')).toMatchObject({ state: 'succeeded', attempt: 2 });
  expect((await home.status()).allowance).toMatchObject({ newRunners: true, reasons: [] });
  expect((await third.stop()).code).toBe(0);
  expect(left(home)).toEqual([]);
});

test('a job that had written its exit code before the machine went down keeps it', async () => {
  const first = await home.run();
  const id = await submit(home, gate.command(7));
  const pid = await pidOf(home, id);
  await powerCut([pid], async () => {
    await first.kill();
    gate.open();
    await until(
      () => stateFiles().some((file) => readFileSync(file, 'utf8').includes('exit 7')),
      'the job has ended',
    );
    await until(() => !existsSync(`/proc/${pid}`), 'its wrapper has ended');
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  });
  await home.run();
  expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });
});
