/** What is shown: status with every field that the contract names, jobs, runners, the configuration, completion. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phases } from '../../src-main/contract/snapshot.ts';
import { version } from '../../package.json' with { type: 'json' };
import type { Home, Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { homeOf } from '../support/users.ts';
import { me, small } from './site.ts';

let home: Home;
let supervisor: Running;
let running: string;

beforeAll(async () => {
  home = homeOf(me);
  await home.json(['pool', 'add', '--forge', 'local', '--max', '1', ...small]);
  supervisor = await home.run();
  await home.outcome(await home.submit(['sh', '-c', 'echo said; exit 3']));
  running = await home.submit(['sh', '-c', 'echo begun; exec sleep 1000']);
  await home.submit(['true']);
  await until(async () => (await home.job(running)).state === 'running', 'the job runs');
});
afterAll(() => home.dispose());

const text: unknown = expect.any(String);
const number: unknown = expect.any(Number);
const list: unknown = expect.any(Array);
const meter = { total: number, reserve: number, used: number, free: number };

const job = {
  id: text,
  forge: 'local',
  pool: 'local',
  runner: text,
  name: text,
  url: null,
  labels: [],
  arch: null,
  state: 'failed',
  createdAt: number,
  startedAt: number,
  endedAt: number,
  exitCode: 3,
  result: 'It failed with exit code 3.',
  endedBy: 'job',
  peak: { cpu: expect.toSatisfy(numberOrNull), memoryMiB: expect.toSatisfy(numberOrNull) },
  attempt: 1,
  retryOf: null,
  retriedAs: null,
};

function numberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

test('status --json has every field of the snapshot, each of its type', async () => {
  const status = await home.status();
  expect(Object.keys(status).sort()).toEqual(
    [
      ...[
        'schema',
        'version',
        'at',
        'supervisor',
        'machine',
        'sentence',
        'state',
        'pause',
        'allowance',
        'capacity',
      ],
      ...[
        'pools',
        'runners',
        'waiting',
        'waitingTotal',
        'jobs',
        'accounts',
        'foreign',
        'notEnforced',
        'work',
      ],
      ...['dataAge', 'problems'],
    ].sort(),
  );
  expect(status).toMatchObject({
    schema: 1,
    version: number,
    supervisor: { pid: supervisor.pid, version, host: 'headless' },
    machine: {
      os: text,
      arch: process.arch,
      threads: number,
      memoryMiB: number,
      labels: list,
      goodFor: list,
    },
    sentence: 'Running 1 job. 1 job waits.',
    state: 'working',
    pause: null,
    allowance: { newRunners: true, ceiling: number, reasons: [] },
    capacity: { cores: meter, memoryMiB: meter, gpus: meter },
    waitingTotal: 1,
    accounts: [],
    foreign: [],
    notEnforced: list,
    work: [],
    dataAge: { local: number },
    problems: [],
  });
  expect(Math.abs(status.at - Date.now())).toBeLessThan(60_000);
});

test('status --json: the pool, the runner, what waits and what has ended, all of them', async () => {
  const status = await home.status();
  expect(status.pools).toEqual([
    {
      ...{ id: 'local', name: 'local', forge: 'local', scope: null, account: null },
      ...{ mode: 'auto', scaling: 'aggressive' },
      ...{ runtime: 'process', arch: process.arch, labels: list, min: 0, max: 1, weight: 1, paused: null },
      ...{
        isolation: [],
        emulation: null,
        demand: 1,
        want: 1,
        runner: { cores: 0.2, memoryMiB: 256 },
        problem: null,
      },
    },
  ]);
  const [runner] = status.runners;
  expect(runner).toEqual({
    ...{
      name: expect.stringMatching(/^hr-[0-9a-f]{6}-local-\w{6}$/),
      pool: 'local',
      phase: 'busy',
      why: text,
    },
    ...{ since: number, pid: number, container: null, problem: null },
    job: { id: running, name: "sh -c 'echo begun; exec sleep 1000'", url: null, startedAt: number },
    resources: {
      cores: expect.toSatisfy(numberOrNull),
      cpus: expect.toSatisfy((cpus) => cpus === null || Array.isArray(cpus)),
      memoryMiB: expect.toSatisfy(numberOrNull),
      notEnforced: list,
    },
  });
  expect(phases).toContain(runner?.phase);
  expect(status.waiting).toEqual([
    {
      job: text,
      name: text,
      url: null,
      pool: 'local',
      forge: 'local',
      scope: null,
      labels: [],
      since: number,
      why: [expect.stringMatching(/\.$/)],
    },
  ]);
  expect(status.jobs).toHaveLength(3);
  expect(status.jobs.at(-1)).toEqual(job);
});

test('status for people tells the same, in lines that fit', async () => {
  const { stdout, stderr } = await home.cli(['status']);
  expect(stdout).toMatch(/^Running 1 job\. 1 job waits\.\n/);
  expect(stdout).toMatch(/^local +local +auto +aggressive +1\/1 +1$/m);
  expect(stdout).toContain('Recent jobs\n');
  expect(stderr).toBe('');
});

test('jobs and runners: listed, shown, and what they said', async () => {
  const jobs = await home.jobs();
  const failed = jobs.at(-1)?.id ?? '';
  expect(jobs.at(-1)).toEqual(job);
  expect(await home.job(failed)).toEqual(job);
  const shown = await home.cli(['job', 'show', failed]);
  expect(shown.stdout).toMatch(/^Command: +sh -c echo said; exit 3$/m);
  expect(shown.stdout).toMatch(/^Result: +It failed with exit code 3\.$/m);
  expect(await home.cli(['job', 'logs', failed])).toMatchObject({ code: 0, stdout: 'said\n' });
  expect((await home.cli(['job', 'list', '--limit', '1'])).stdout.trimEnd().split('\n')).toHaveLength(2);
  const { runners } = await home.json<{ runners: { name: string }[] }>(['runner', 'list']);
  const name = runners[0]?.name ?? '';
  expect((await home.cli(['runner', 'list'])).stdout).toContain(name);
  expect(await home.cli(['runner', 'logs', name])).toMatchObject({ code: 0, stdout: 'begun\n' });
});

test('config path and show', async () => {
  const file = path.join(home.path, 'config.json');
  expect((await home.cli(['config', 'path'])).stdout).toBe(`${file}\n`);
  const shown = await home.json<{ file: string; config: object; problems: [] }>(['config', 'show']);
  expect(shown).toMatchObject({ file, problems: [], config: { pools: [{ id: 'local', cores: 0.2 }] } });
});

test('config import-env makes a pool of the predecessor’s variables', async () => {
  const file = path.join(home.path, 'old.env');
  writeFileSync(file, 'RUNNER_MODE=ephemeral\nRUNNER_COUNT=2\nRUNNER_WORK_DIR=/somewhere\n');
  const done = await home.cli(['config', 'import-env', file]);
  expect(done.code).toBe(0);
  expect(done.stderr).toMatch(/RUNNER_WORK_DIR has no effect any more: .+/);
  const id = /pool (\S+) was made/.exec(done.stdout)?.[1] ?? '';
  const { pool } = await home.json<{ pool: object }>(['pool', 'show', id]);
  expect(pool).toMatchObject({ mode: 'ephemeral', min: 2, max: 2, scaling: 'balanced' });
  await home.json(['pool', 'remove', id]);
});

describe('completion', () => {
  const scripts = new Map<string, string>();
  beforeAll(async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      scripts.set(shell, (await home.cli(['completion', shell])).stdout);
  });

  test.for(['bash', 'zsh', 'fish'])('%s takes the script', (shell, { skip }) => {
    const script = scripts.get(shell) ?? '';
    expect(script).toContain('homerunner');
    const folders = (process.env['PATH'] ?? '').split(path.delimiter);
    skip(!folders.some((dir) => existsSync(path.join(dir, shell))), `there is no ${shell} on this machine`);
    const file = path.join(home.path, `completion.${shell}`);
    writeFileSync(file, script);
    execFileSync(shell, ['-n', file], { stdio: 'pipe' });
  });

  test.each([
    [['po'], ['pool']],
    [['pool', 're'], ['remove']],
    [['submit', '--in'], ['--in-place']],
    [['pool', 'add', '--sca'], ['--scaling']],
    [
      ['job', ''],
      ['list', 'show', 'logs', 'get', 'again', 'cancel'],
    ],
  ])('bash completes %j', (words, wanted) => {
    const ask =
      'eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _homerunner; printf "%s\\n" "${COMPREPLY[@]}"';
    const found = execFileSync(
      'bash',
      ['-c', ask, 'bash', scripts.get('bash') ?? '', 'homerunner', ...words],
      {
        encoding: 'utf8',
      },
    );
    expect(found.trim().split('\n').sort()).toEqual([...wanted].sort());
  });
});
