/** The judge of the chaos with GitHub: each kind of violation is planted and must be told, and the clean case tells nothing. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptLog } from '../chaos/github/agent-log.ts';
import { foldersOf, foreignGone } from '../chaos/github/checks.ts';
import { violationsOf } from '../chaos/github/left.ts';
import { ours } from '../chaos/github/site.ts';
import { type GitHubDouble, startGitHubDouble } from '../support/github/double.ts';
import { lingering } from '../support/processes.ts';
import { remove } from '../support/remove.ts';
import { until } from '../support/until.ts';
import { began, type Case, clean, failed, failure, job, lost, row, told } from './chaos-kit.ts';

describe('one job', () => {
  it.each<[string, Case]>([
    ['ran well', {}],
    ['failed', { job: failure, row: failed, code: 1 }],
    [
      'was cancelled while it ran',
      { job: { conclusion: 'cancelled' }, row: { state: 'cancelled' }, code: null },
    ],
    [
      'was cancelled before anybody took it',
      { job: { conclusion: 'cancelled', runner: null }, row: null, code: 'nothing', begun: 0 },
    ],
    [
      'stands in the history by a name of ours',
      { row: { id: 'hr-1-person-a-10000', name: 'k1' }, log: null },
    ],
  ])('that %s is no violation', (_what, wish) => {
    expect(told(wish)).toEqual([]);
  });

  it.each<[string, Case, RegExp]>([
    ['began twice', { begun: 2 }, /given out 2 times/],
    ['is missing in the history', { row: null }, /the history does not know it/],
    [
      'is twice in the history',
      { more: [{ ...row, id: 'gh-1001-2' }] },
      /the history has it 2 times: gh-1001, gh-1001-2/,
    ],
    ['is there under another id', { row: { id: 'gh-2002' } }, /has gh-2002 .* which is no job of GitHub/],
    [
      'is there under an id that begins like its own',
      { row: { id: 'gh-10012' } },
      /the history does not know it/,
    ],
    ['failed by the history alone', { row: failed }, /success at GitHub and failed in the history/],
    ['succeeded by the history alone', { job: failure, code: 1 }, /failure at GitHub and succeeded/],
    ['is still running there', { row: { state: 'running', endedAt: null } }, /still running in the history/],
    ['was lost without a reason', { row: lost }, /success at GitHub and lost in the history/],
    ['was broken off', { job: failure, row: failed, code: null }, /it was broken off/],
    ['succeeded, and is a failure', { job: failure, row: failed }, /it succeeded and is a failure/],
    ['failed, and is a success', { code: 1 }, /it failed and is a success/],
    ['was never begun', { code: 'nothing', begun: 0, row: null }, /it is success, and nobody ran it/],
    [
      'was never begun, and failed',
      { job: failure, code: 'nothing', begun: 0, row: null },
      /it is failure, and nobody ran it/,
    ],
    [
      'was cancelled before it began, and succeeded by the history',
      { job: { conclusion: 'cancelled' }, code: 'nothing', begun: 0 },
      /cancelled before it began, and is succeeded/,
    ],
    [
      'fell silent by itself',
      { job: failure, row: failed, code: 1, missed: true },
      /nobody told GitHub of its end, and nobody was killed/,
    ],
    [
      'ended in a way of which the history knows nothing',
      { job: { conclusion: 'timed_out' }, row: failed, code: 1 },
      /timed_out at GitHub and failed/,
    ],
  ])('that %s is told', (_what, wish, sentence) => {
    expect(told(wish).join('\n')).toMatch(sentence);
  });

  it('that began twice by its own words, or that nobody queued, is told', () => {
    const twice = new Map([['k1#1', { key: '1', pids: [100, 200], ends: [0, 0] }]]);
    const left = { ...clean, ended: [job], rows: [row], begun: new Map([[1001, 1]]) };
    expect(violationsOf({ ...left, ledger: twice })).toEqual([expect.stringContaining('it began 2 times')]);
    const entry = { key: '1', pids: [100], ends: [0] };
    const strange = new Map([...['k1#1', 'k9#1'].map((key) => [key, entry] as const)]);
    expect(violationsOf({ ...left, ledger: strange })).toEqual(['k9#1 ran, and is no job of GitHub.']);
  });
});

describe('what is left', () => {
  let dir = '';
  let github: GitHubDouble;

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'hr-eyes-'));
    github = await startGitHubDouble();
    github.addUser('ann');
    github.addRepository('ann/kept');
  });

  afterEach(async () => {
    await github.close();
    await remove(dir);
  });

  it('of nothing is nothing told', () => {
    expect(violationsOf(clean)).toEqual([]);
    expect(foldersOf({ home: { path: dir } })).toEqual([]);
    expect(lingering(dir)).toEqual([]);
  });

  it('is told: a ghost, a foreign runner that is gone, a request that is none', () => {
    const plant = (name: string) => github.plantRunner({ scope: 'ann/kept', name });
    const [stays, goes] = [plant('hr-0f0f0f-kept-a'), plant('hr-0f0f0f-kept-b')];
    const site = { github, foreign: [stays, goes] };
    expect([...ours(site), ...foreignGone(site)]).toEqual([]);
    plant('hr-1-kept-ghost');
    github.world.runners.delete(goes.id);
    const left = {
      ...clean,
      registered: ours(site),
      foreignGone: foreignGone(site),
      refused: ['PUT /nothing'],
    };
    expect(violationsOf(left)).toEqual([
      'GitHub was asked what its description does not allow: PUT /nothing',
      'The runner hr-1-kept-ghost is left at GitHub.',
      'The foreign runner at ann/kept is gone.',
    ]);
  });

  it('is told: an open job, a runner in the journal, a folder', () => {
    mkdirSync(path.join(dir, 'runners', 'hr-1-kept-a'), { recursive: true });
    const open = [{ id: 1, name: 'k1', runner: null, status: 'queued' }];
    const left = { ...clean, open, journal: ['hr-1-kept-a'], folders: foldersOf({ home: { path: dir } }) };
    expect(violationsOf(left)).toEqual([
      'Job 1 (k1) is queued at GitHub.',
      'The journal still has the runner hr-1-kept-a.',
      'The folder runners/hr-1-kept-a is left.',
    ]);
  });

  it.each<[string, (home: string) => { cwd: string; env: NodeJS.ProcessEnv }, string]>([
    [
      'a runner’s',
      (home) => ({ cwd: '/', env: { HOMERUNNER_RUNNER: 'hr-1-kept-a', HOME: home } }),
      'hr-1-kept-a',
    ],
    ['a supervisor’s', (home) => ({ cwd: '/', env: { HOMERUNNER_HOME: home } }), 'nobody'],
    ['one that dropped its variables', (home) => ({ cwd: home, env: {} }), 'nobody'],
  ])('is told: a process, %s', async (_whose, started, runner) => {
    const child = spawn('/bin/sleep', ['60'], { ...started(dir), stdio: 'ignore' });
    try {
      await until(() => lingering(dir).some(({ command }) => command.startsWith('/bin/sleep')), 'it is seen');
      expect(violationsOf({ ...clean, processes: lingering(dir) })).toEqual([
        `Process ${child.pid} of ${runner} is left: /bin/sleep 60 `,
      ]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('of a log is read where it is kept', () => {
    mkdirSync(path.join(dir, 'jobs', 'gh-1'), { recursive: true });
    writeFileSync(path.join(dir, 'jobs', 'gh-1', 'log'), began);
    expect(keptLog(dir, 'gh-1')).toBe(began);
    expect(keptLog(dir, 'gh-2')).toBeNull();
  });
});
