import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '../adapters/db/open.ts';
import { openLog } from '../adapters/log/file.ts';
import { createRedactor } from '../adapters/log/redact.ts';
import { ensureHome } from '../adapters/os/paths.ts';
import { Supervisor } from '../app/supervisor.ts';
import type { CommandArgs, CommandName, CommandResults } from '../contract/commands.ts';
import type { Job } from '../contract/job.ts';
import { ProblemError } from '../contract/problem.ts';
import type { Store } from '../core/ports.ts';
import { configOf } from './config.ts';
import { clock, hostArch, placeOf, uidOf } from './machine.ts';
import { partsOf } from './parts.ts';

// Real jobs and real disks on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const settled = { timeout: 30_000, interval: 50 };

let folder: string;
let home: string;
let store: Store;
let supervisor: Supervisor;

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'supervisor-')));
  home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  ensureHome(home, uidOf());
  await begin();
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true });
});

async function begin(): Promise<void> {
  const place = await placeOf(home);
  const redactor = createRedactor();
  const log = openLog({ file: place.layout.log, level: 'info', redactor, now: clock.now, human: null });
  ({ store } = openStore(place.layout.database));
  const deps = await partsOf({
    place,
    redactor,
    log,
    store,
    config: configOf(home),
    environment: {
      pool: null,
      account: null,
      warnings: [],
      token: () => null,
      apply: (config) => config,
      problems: [],
    },
    say: () => undefined,
    startProblems: [],
    as: 'headless',
    keyring: null,
  });
  supervisor = new Supervisor(deps);
  await supervisor.start();
}

async function end(): Promise<void> {
  await supervisor.stop('now');
  await supervisor.ended;
  store.close();
}

async function ask<K extends CommandName>(name: K, args: CommandArgs<K>): Promise<CommandResults[K]> {
  const answer = await supervisor.execute(name, args);
  if (answer.ok) return answer.value;
  throw new ProblemError(answer.problem);
}

async function submit(...command: string[]): Promise<Job> {
  const nothing = { pool: null, labels: [], arch: null, env: {}, secrets: [], outputs: [], caches: [] };
  const wish = {
    ...nothing,
    command,
    dir: folder,
    source: 'in-place',
    timeoutSeconds: 0,
    retries: 0,
  } as const;
  return (await ask('submit', wish)).job;
}

const pool = { cores: 0.2, memoryMiB: 64, max: 2 };
const reach = (id: string, state: Job['state']) =>
  expect.poll(async () => (await ask('job.show', { job: id })).job.state, settled).toBe(state);

describe('history', () => {
  it('tells of jobs, pauses, reasons, and of the time without a supervisor', async () => {
    await ask('pool.add', { id: 'p', pool });
    const from = Date.now();
    const { id } = await submit('true');
    await reach(id, 'succeeded');
    await ask('pause', { pool: 'p', reason: 'heat', end: { kind: 'indefinite' } });
    const { settings } = await ask('config.show', {});
    await ask('config.edit', { change: { diskReserveGiB: 900_000 } });
    const spans = async () =>
      (await ask('history', { from })).spans.map((s) => [s.kind, s.pool, s.to === null]);
    await expect.poll(spans, settled).toEqual([
      ['pause', 'p', true],
      ['reason', null, true],
    ]);
    await ask('config.edit', { change: settings });
    await expect.poll(spans, settled).toContainEqual(['reason', null, false]);
    await end();
    await begin();
    await ask('resume', { pool: 'p' });
    const history = await ask('history', { from });
    expect(history.jobs.map((job) => job.id)).toEqual([id]);
    // The stop may take no time at all.
    const told = history.spans.filter((span) => span.message !== 'Homerunner is stopping.');
    expect(told.map((s) => [s.kind, s.pool, s.message])).toEqual([
      ['pause', 'p', 'heat'],
      ['reason', null, expect.stringMatching(/^Only \d+ MiB of disk are free/)],
      ['offline', null, 'The supervisor stopped.'],
    ]);
    for (const span of history.spans) expect(span.to).toBeGreaterThan(span.from);
    expect((await ask('history', { from: Date.now() + 1000 })).jobs).toEqual([]);
  });
});

it('keeps in mind what begins and ends while nothing can be written', async () => {
  const from = Date.now();
  const full = vi.spyOn(store, 'appendEvent').mockImplementation(() => {
    throw new Error('The disk is full.');
  });
  const { settings } = await ask('config.show', {});
  await ask('config.edit', { change: { diskReserveGiB: 900_000 } });
  const log = join(home, 'logs', 'homerunner.log');
  await expect.poll(() => readFileSync(log, 'utf8'), settled).toContain('The history could not be written.');
  full.mockRestore();
  await ask('config.edit', { change: settings });
  const reasons = async () => (await ask('history', { from })).spans.filter((span) => span.kind === 'reason');
  await expect.poll(reasons, settled).toMatchObject([{ to: expect.any(Number) }]);
});

describe('load', () => {
  it('measures the machine and running jobs', async () => {
    await ask('pool.add', { id: 'p', pool });
    const { id } = await submit(process.execPath, '-e', 'for (;;);');
    await reach(id, 'running');
    const abort = new AbortController();
    for await (const { machine, jobs } of supervisor.stream('load', { interval: 500 }, abort.signal)) {
      if ((jobs[id]?.cpu ?? 0) <= 0.05) continue;
      abort.abort();
      expect(jobs[id]?.memoryMiB).toBeGreaterThan(0);
      expect(machine.memoryMiB).toBeGreaterThan(10);
      expect(Object.keys(jobs)).toEqual([id]);
    }
    expect(abort.signal.aborted).toBe(true);
  });
});

describe('job.again', () => {
  it('is a new job, and refused like one', async () => {
    await ask('pool.add', { id: 'p', pool });
    const first = await submit('sh', '-c', 'echo once more');
    await reach(first.id, 'succeeded');
    const { job } = await ask('job.again', { job: first.id });
    await reach(job.id, 'succeeded');
    expect(job.id).not.toBe(first.id);
    await ask('pool.remove', { pool: 'p' });
    await expect(ask('job.again', { job: first.id })).rejects.toMatchObject({
      problem: { code: 'no-matching-pool' },
    });
    await expect(ask('job.again', { job: 'none' })).rejects.toMatchObject({ problem: { code: 'not-found' } });
  });
});

describe('the configuration', () => {
  it('is shown, changed in part, and what this version does not know stays', async () => {
    const file = join(home, 'config.json');
    writeFileSync(file, '{"version": 1, "reserve": {"cpuPercent": 10, "colour": "red"}, "shape": "round"}');
    const shown = await ask('config.show', {});
    expect(shown).toMatchObject({ file, home, readOnly: null, settings: { reserve: { cpuPercent: 10 } } });
    expect(shown.defaults.reserve.cpuPercent).toBe(20);
    const change = {
      reserve: { cpuPercent: 95, memoryPercent: 95 },
      log: { level: 'warn' as const, file: null },
    };
    const { settings, notes } = await ask('config.edit', { change });
    expect(settings).toMatchObject(change);
    expect(notes).toContain('The log changes when Homerunner is started again.');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      reserve: { cpuPercent: 95, colour: 'red' },
      shape: 'round',
      namePrefix: 'hr',
    });
  });

  it('says that it is read-only, and why', async () => {
    writeFileSync(join(home, 'config.json'), '{"version": 99}');
    expect((await ask('config.show', {})).readOnly).toMatch(/newer Homerunner/);
    await expect(ask('config.edit', { change: { resyncSeconds: 9 } })).rejects.toMatchObject({
      problem: { code: 'config-newer' },
    });
    await expect(ask('config.import', { text: '{}' })).rejects.toMatchObject({
      problem: { code: 'config-newer' },
    });
    expect(readFileSync(join(home, 'config.json'), 'utf8')).toBe('{"version": 99}');
  });

  it('is taken over whole or not at all, and the one before is kept', async () => {
    await ask('pool.add', { id: 'old', pool });
    const before = readFileSync(join(home, 'config.json'), 'utf8');
    await expect(
      ask('config.import', { text: '{"resyncSeconds": 9, "pools": [{"id": "A"}]}' }),
    ).rejects.toMatchObject({
      problem: { code: 'config-field', subject: 'pools[0].id' },
    });
    expect(readFileSync(join(home, 'config.json'), 'utf8')).toBe(before);
    const text = JSON.stringify({ resyncSeconds: 9, pools: [{ id: 'new', arch: hostArch }] });
    const { notes } = await ask('config.import', { text });
    expect(notes.slice(0, 2)).toEqual(['The pool new is new.', 'The pool old is removed.']);
    const [kept] = readdirSync(home).filter((name) => name.startsWith('config.json.before-'));
    expect(notes.at(-1)).toBe(`The configuration before is kept as ${join(home, kept ?? '')}.`);
    expect(readFileSync(join(home, kept ?? ''), 'utf8')).toBe(before);
    const exported = JSON.parse((await ask('config.export', {})).text) as object;
    expect(exported).toMatchObject({ version: 1, resyncSeconds: 9, pools: [{ id: 'new' }] });
  });
});

it('reports what is known, without secrets', async () => {
  await ask('pool.add', { id: 'p', pool });
  const { id } = await submit('echo', 'ghp_0123456789abcdef0123456789abcdef0123');
  await reach(id, 'succeeded');
  const { text } = await ask('report', {});
  expect(text).toContain(id);
  expect(text).not.toContain('ghp_0123');
  for (const title of ['Versions', 'State', 'Configuration', 'Machine', 'Log'])
    expect(text).toContain(`== ${title}`);
  expect(text).toMatch(/"resyncSeconds": 15/);
});
