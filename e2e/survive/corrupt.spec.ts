/** Files of the home that are garbage: kept aside and named where they hold something, and the start goes on. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Home, type Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { configure, ended, Gate, left, pidOf, running, submit } from './survive.ts';

const garbage = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251));

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

const file = (name: string): string => path.join(home.path, name);

/** Starts it anew and waits until it has said `sentence`. */
async function startSaying(sentence: RegExp | null): Promise<Running> {
  const supervisor = await home.run();
  if (sentence !== null)
    await until(() => sentence.test(supervisor.stderr), `it says ${String(sentence)}: ${supervisor.stderr}`);
  expect(supervisor.stderr).not.toMatch(/^\s+at /m);
  return supervisor;
}

function keptAside(pattern: RegExp): string[] {
  return readdirSync(home.path).filter((name) => pattern.test(name));
}

/** Damages to the database, each done while no supervisor runs. */
const damages: readonly [string, () => void][] = [
  [
    'is garbage',
    () => {
      for (const name of ['state.db-wal', 'state.db-shm']) rmSync(file(name));
      writeFileSync(file('state.db'), garbage);
    },
  ],
  [
    'is cut short',
    () => {
      withDatabase((db) => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      truncateSync(file('state.db'), 6000);
    },
  ],
  [
    'is a folder',
    () => {
      for (const name of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(file(name), { force: true });
      mkdirSync(file('state.db'));
    },
  ],
  [
    "has another's tables",
    () => {
      for (const name of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(file(name), { force: true });
      withDatabase((db) => db.exec('CREATE TABLE jobs (x); PRAGMA user_version = 1'));
    },
  ],
  [
    'has a row in its journal that is no JSON',
    () => {
      withDatabase((db) => db.exec('UPDATE runners SET record = \'{"name": garb\''));
    },
  ],
  [
    'has a row in its journal that is other JSON',
    () => {
      withDatabase((db) => db.exec("UPDATE runners SET record = '[1, 2]'"));
    },
  ],
  [
    'has a row in its journal with fields of other types',
    () => {
      withDatabase((db) =>
        db.exec(
          "UPDATE runners SET record = json_object('name', name, 'job', 5, 'process', 'x', 'resources', 7)",
        ),
      );
    },
  ],
  [
    'has a job whose submission is garbage',
    () => {
      withDatabase((db) => db.exec("UPDATE jobs SET submission = '{{', labels = '5'"));
    },
  ],
];

function withDatabase(use: (db: Database.Database) => void): void {
  const db = new Database(file('state.db'));
  use(db);
  db.close();
}

describe('the database', () => {
  test.each(damages)('%s: jobs that run are taken up and get their outcome', async (_what, damage) => {
    const first = await home.run();
    const id = await submit(home, gate.command(7));
    const pid = await pidOf(home, id);
    await first.kill();
    damage();

    const second = await startSaying(/The database .*state\.db was set aside as .*state\.db\.set-aside-/);
    expect(keptAside(/^state\.db\.set-aside-[^-]+-[^-]+-[^-]*(-[^-]+)*$/).length).toBeGreaterThan(0);
    expect((await home.status()).problems.map((problem) => problem.code)).toContain('database-set-aside');
    expect(await pidOf(home, id)).toBe(pid);
    gate.open();
    expect(await ended(home, id)).toMatchObject({
      state: 'failed',
      exitCode: 7,
      endedBy: 'job',
      pool: 'local',
    });
    expect(gate.starts()).toEqual({ [id]: 1 });
    expect((await home.cli(['job', 'logs', id])).stdout).toBe('over\n');
    expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
    expect((await second.stop()).code).toBe(0);
    expect(left(home)).toEqual([]);
  });

  test('its log is garbage: what was folded in is there, and jobs that run get their outcome', async () => {
    const first = await home.run();
    const before = await submit(home, ['true']);
    await ended(home, before);
    await first.stop();
    const second = await home.run();
    const id = await submit(home, gate.command(0));
    await running(home, id);
    await second.kill();
    writeFileSync(file('state.db-wal'), garbage);
    const third = await startSaying(null);
    expect((await home.job(before)).state).toBe('succeeded');
    gate.open();
    expect(await ended(home, id)).toMatchObject({ state: 'succeeded', exitCode: 0 });
    expect(gate.starts()).toEqual({ [id]: 1 });
    await third.stop();
    expect(left(home)).toEqual([]);
  });
});

describe('the configuration', () => {
  test.each([
    ['garbage', garbage],
    ['cut short', Buffer.from('{"version": 1, "pools": [')],
    ['empty', Buffer.from('')],
    ['a list', Buffer.from('[]')],
    ['nothing', Buffer.from('null')],
  ])(
    '%s: kept, said, and the start goes on with the defaults; a job that runs gets its outcome',
    async (_what, content) => {
      const first = await home.run();
      const id = await submit(home, gate.command(7));
      await running(home, id);
      await first.kill();
      writeFileSync(file('config.json'), content);
      const second = await startSaying(
        /The configuration .*config\.json is not valid JSON with settings; it was kept as .*config\.json\.unreadable-/,
      );
      const [kept = ''] = keptAside(/^config\.json\.unreadable-/);
      expect(readFileSync(file(kept)).equals(content)).toBe(true);
      gate.open();
      expect(await ended(home, id)).toMatchObject({ state: 'failed', exitCode: 7, endedBy: 'job' });
      await home.json(['pool', 'add', '--forge', 'local']);
      expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
      expect((await second.stop()).code).toBe(0);
      expect(left(home)).toEqual([]);
    },
  );

  test('a folder of that name: said, and the start goes on', async () => {
    rmSync(file('config.json'));
    mkdirSync(file('config.json'));
    const supervisor = await startSaying(
      /The configuration .*config\.json cannot be read \(a folder of that name is in the way\)/,
    );
    expect((await home.cli(['pool', 'add', '--forge', 'local'])).code).toBe(1);
    expect((await supervisor.stop()).code).toBe(0);
  });

  test('damaged while it runs: said in the status, and the one before goes on', async () => {
    const supervisor = await home.run();
    writeFileSync(file('config.json'), garbage);
    await until(
      async () => (await home.status()).problems.some((p) => p.message.includes('not valid JSON')),
      'the status says so',
    );
    expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
    expect(readFileSync(file('config.json')).equals(garbage)).toBe(true);
    await supervisor.stop();
  });
});

test.each([
  ['run/host.json', 'garbage', garbage],
  ['run/host.json', 'JSON of another form', Buffer.from('{"schema":1,"version":"0.1.0","profile":{}}')],
  ['run/endpoint.json', 'garbage', garbage],
  ['run/endpoint.json', 'JSON that leads elsewhere', Buffer.from('{"path":"/nowhere/at-all.sock"}')],
])('%s is %s: it is made anew', async (name, _what, content) => {
  await (await home.run()).stop();
  writeFileSync(file(name), content);
  const supervisor = await startSaying(null);
  expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
  expect(readFileSync(file(name)).equals(content)).toBe(false);
  await supervisor.stop();
});

test('endpoint.json is damaged while it runs: clients still find it', async () => {
  const supervisor = await home.run();
  writeFileSync(file('run/endpoint.json'), garbage);
  expect((await home.cli(['status'])).code).toBe(0);
  rmSync(file('run'), { recursive: true });
  expect((await home.cli(['status'])).code).toBe(0);
  expect((await supervisor.stop()).code).toBe(0);
});

test('the folder of the runners is deleted under a running job: it is told, and the next job runs', async () => {
  const supervisor = await home.run();
  const id = await submit(home, gate.command(0));
  await running(home, id);
  rmSync(file('runners'), { recursive: true });
  gate.open();
  const job = await ended(home, id);
  expect(job.state).toBe('lost');
  expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
  expect((await supervisor.stop()).code).toBe(0);
  expect(left(home)).toEqual([]);
});

test('a job moves its own runner folder away: nothing is left to run', async () => {
  const supervisor = await home.run();
  const id = await submit(home, gate.command(0));
  const pid = await pidOf(home, id);
  const [runner = ''] = readdirSync(file('runners'));
  renameSync(file(`runners/${runner}`), file('moved'));
  gate.open();
  expect((await ended(home, id)).endedAt).not.toBeNull();
  await until(() => !existsSync(`/proc/${pid}`), 'its process is gone');
  expect(await ended(home, await submit(home, ['true']))).toMatchObject({ state: 'succeeded' });
  await supervisor.stop();
  expect(left(home)).toEqual([]);
});
