/** `submit` as a person uses it, from real repositories, as root and as a plain user. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Job } from '../../src-main/contract/job.ts';
import { finished, program } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts } from '../support/users.ts';
import { lines, Site, small } from './site.ts';

const secret = 'a-secret-that-nobody-should-read';

describe.each(accounts)('$title', (account) => {
  let site: Site;
  let repo: string;

  beforeAll(async () => {
    if (account.skip !== null) return;
    site = new Site(account);
    const file = path.join(site.work, 'token');
    writeFileSync(file, `${secret}\n`, { mode: 0o600 });
    repo = site.repository({ file: 'committed\n', 'sub/here': 'yes\n' });
    await site.home.json(['pool', 'add', '--forge', 'local', '--max', '2', ...small]);
    await site.home.run({ env: { HR_OF_SUPERVISOR: 'x', HOMERUNNER_SECRET_TOKEN_FILE: file } });
  });
  beforeEach((context) => {
    if (account.skip !== null) context.skip(account.skip);
  });
  afterAll(async () => {
    if (account.skip === null) await site.dispose();
  });

  test('--wait streams the output and gives the exit code of the job', async () => {
    const done = await site.submit(repo, ['sh', '-c', 'echo out; echo err >&2; exit 7']);
    expect(done).toMatchObject({ code: 7, stdout: 'out\nerr\n' });
    expect(done.stderr).toMatch(/^Submitted as \w+\.\nhomerunner: It failed with exit code 7\.\n$/);
    expect((await site.submit(repo, ['true'])).code).toBe(0);
    expect((await site.submit(repo, ['./no-such-program'])).code).toBe(127);
  });

  test('--wait gives 128 + n for a signal, and 130 for a job that was cancelled', async () => {
    expect((await site.submit(repo, ['sh', '-c', 'kill -KILL $$'])).code).toBe(137);
    const child = site.home.spawn(['submit', '--wait', '--', 'sh', '-c', 'echo begun; sleep 1000'], {
      cwd: repo,
    });
    const end = finished(child);
    const job = await until(
      async () => (await site.home.jobs()).find((j) => j.state === 'running'),
      'the job runs',
    );
    await site.home.json(['job', 'cancel', job.id]);
    expect((await end).code).toBe(130);
    expect((await site.home.job(job.id)).endedBy).toBe('owner');
  });

  test('--wait --json: what was submitted, the output, and the job as the last line', async () => {
    const done = await site.submit(repo, ['sh', '-c', 'printf "one\\ntwo\\n"; exit 3'], ['--json']);
    expect(done.code).toBe(3);
    const all = lines(done.stdout);
    const job = all.at(-1)?.['job'] as Job;
    expect(job).toMatchObject({
      state: 'failed',
      exitCode: 3,
      endedBy: 'job',
      result: 'It failed with exit code 3.',
    });
    expect((all[0]?.['submitted'] as Job).id).toBe(job.id);
    expect(all.flatMap(({ log }) => (typeof log === 'string' ? [log] : [])).join('')).toBe('one\ntwo\n');
  });

  test('the job runs the committed state, in the subfolder, and says that changes are left out', async () => {
    writeFileSync(path.join(repo, 'file'), 'changed\n');
    const cwd = path.join(repo, 'sub');
    const show = ['sh', '-c', 'cat ../file here; echo "CI=$CI"; pwd'];
    const committed = await site.submit(cwd, show);
    expect(committed.stderr).toMatch(/uncommitted changes/i);
    expect(committed.stdout).toMatch(/^committed\nyes\nCI=true\n.*\/sub\n$/);
    expect(committed.stdout).not.toContain(repo);
    const dirty = await site.submit(cwd, show, ['--dirty']);
    expect(dirty.stdout).toMatch(/^changed\nyes\n/);
    expect(dirty.stderr).not.toMatch(/left out/i);
    expect(site.git(repo, 'status', '--porcelain')).toBe('M file');
    site.git(repo, 'checkout', '-q', 'file');
  });

  test('the environment is an allow-list: neither that of the supervisor nor that of the submitter', async () => {
    const { stdout } = await site.submit(repo, ['env'], ['--env', 'HR_GIVEN=a b=c', '--env', 'HR_EMPTY='], {
      HR_OF_SUBMITTER: 'x',
      GIT_DIR: path.join(repo, '.git'),
    });
    expect(stdout).toContain('HR_GIVEN=a b=c\n');
    expect(stdout).toContain('HR_EMPTY=\n');
    expect(stdout).toMatch(/^PATH=/m);
    expect(stdout).not.toMatch(/HR_OF_|HOMERUNNER_SECRET|HOMERUNNER_HOME|^GIT_/m);
  });

  test('--out is kept, and `job get` copies it', async () => {
    const script = 'mkdir -p dist/deep; echo built > dist/deep/result; echo note > note.txt';
    const done = await site.submit(
      repo,
      ['sh', '-c', script],
      ['--json', '--out', 'dist', '--out', 'note.txt'],
    );
    const { id } = lines(done.stdout).at(-1)?.['job'] as Job;
    const to = mkdtempSync(path.join(site.work, 'got-'));
    site.own();
    await site.home.json(['job', 'get', id, to]);
    expect(readFileSync(path.join(to, 'dist/deep/result'), 'utf8')).toBe('built\n');
    expect(readFileSync(path.join(to, 'note.txt'), 'utf8')).toBe('note\n');
    expect(existsSync(path.join(repo, 'dist'))).toBe(false);
  });

  test('--cache is a folder that stays between jobs', async () => {
    const count = ['sh', '-c', 'echo x >> "$HOMERUNNER_CACHE_STORE/n"; wc -l < "$HOMERUNNER_CACHE_STORE/n"'];
    expect((await site.submit(repo, count, ['--cache', 'store'])).stdout.trim()).toBe('1');
    expect((await site.submit(repo, count, ['--cache', 'store'])).stdout.trim()).toBe('2');
  });

  test('--timeout ends a job that takes too long, and says so', async () => {
    const done = await site.submit(repo, ['sleep', '1000'], ['--timeout', '1s', '--json']);
    expect(done.code).toBeGreaterThan(0);
    expect(lines(done.stdout).at(-1)?.['job']).toMatchObject({ state: 'failed', endedBy: 'time-limit' });
  });

  test('--retry follows to the last attempt', async () => {
    const script =
      'echo attempt; [ -e "$HOMERUNNER_CACHE_TRIES/once" ] || { touch "$HOMERUNNER_CACHE_TRIES/once"; exit 9; }';
    const done = await site.submit(repo, ['sh', '-c', script], ['--retry', '2', '--cache', 'tries']);
    expect(done).toMatchObject({ code: 0, stdout: 'attempt\nattempt\n' });
    expect(done.stderr).toMatch(/It failed with exit code 9\. It is tried again as \S+\./);
  });

  test('--in-place, --copy and --dir choose where it runs', async () => {
    const folder = mkdtempSync(path.join(site.work, 'folder-'));
    writeFileSync(path.join(folder, 'data'), 'here\n');
    site.own();
    const touch = ['sh', '-c', 'cat data; touch left'];
    const copied = await site.submit(folder, touch, ['--copy']);
    expect(copied).toMatchObject({ code: 0, stdout: 'here\n' });
    expect(existsSync(path.join(folder, 'left'))).toBe(false);
    const inPlace = await site.submit(repo, touch, ['--in-place', '--dir', folder]);
    expect(inPlace).toMatchObject({ code: 0, stdout: 'here\n' });
    expect(existsSync(path.join(folder, 'left'))).toBe(true);
    const elsewhere = await site.submit(folder, ['cat', 'file'], ['--dir', repo]);
    expect(elsewhere).toMatchObject({ code: 0, stdout: 'committed\n' });
  });

  test('works inside a git hook, where git sets variables of its own', async () => {
    const hooked = site.repository({ file: 'one\n' });
    const hook = [
      '#!/bin/sh',
      'export GIT_DIR="$PWD/.git" GIT_INDEX_FILE="$PWD/.git/index"',
      `exec "${process.execPath}" "${program}" submit --wait -- sh -c 'git log -1 --format=%s; cat file' > "$PWD/.git/said" 2>&1`,
    ];
    mkdirSync(path.join(hooked, '.git/hooks'), { recursive: true });
    writeFileSync(path.join(hooked, '.git/hooks/post-commit'), `${hook.join('\n')}\n`, { mode: 0o755 });
    writeFileSync(path.join(hooked, 'file'), 'two\n');
    site.own();
    site.git(hooked, 'commit', '-q', '-a', '-m', 'From a hook');
    const said = readFileSync(path.join(hooked, '.git/said'), 'utf8');
    expect(said).toContain('From a hook\ntwo\n');
    expect(site.git(hooked, 'status', '--porcelain')).toBe('');
  });

  test('arguments arrive as they were given: empty, with newlines, quotes, beyond ASCII', async () => {
    const given = ['', 'a b', 'line\nbreak', '"\'`$HOME\\', '--wait', '*', 'grüße 🏃', '-n'];
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { stdout } = await site.submit(repo, [process.execPath, '-e', script, '--', ...given]);
    expect(JSON.parse(stdout)).toEqual(given);
  });

  test('--secret reaches the job, and is masked in what is kept and shown', async () => {
    const done = await site.submit(
      repo,
      ['sh', '-c', 'echo "it is $TOKEN"; echo ${#TOKEN}'],
      ['--secret', 'TOKEN', '--json'],
    );
    expect(done.code).toBe(0);
    const { id } = lines(done.stdout).at(-1)?.['job'] as Job;
    const log = await site.home.cli(['job', 'logs', id]);
    expect(log.stdout).toContain(`\n${secret.length}\n`);
    for (const text of [done.stdout, done.stderr, log.stdout]) expect(text).not.toContain(secret);
  });

  test('without --wait it says how to see the job; and nothing of a job stays in the repository', async () => {
    const done = await site.home.cli(['submit', '--', 'true'], { cwd: repo });
    expect(done.stdout).toMatch(/^Submitted as (\w+)\. See it with `homerunner job logs -f \1`\.\n$/);
    const id = /as (\w+)/.exec(done.stdout)?.[1] ?? '';
    expect((await site.home.outcome(id)).state).toBe('succeeded');
    await until(
      () => site.git(repo, 'for-each-ref', 'refs/homerunner') === '',
      'the refs of the jobs are gone',
    );
    expect(site.git(repo, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  test('a repository without a commit, and a folder without a repository, are refused', async () => {
    const empty = mkdtempSync(path.join(site.work, 'empty-'));
    site.own();
    const none = await site.submit(empty, ['true']);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/is not in a git repository\. .*--in-place/);
    site.git(empty, 'init', '-q');
    const bare = await site.submit(empty, ['true'], ['--json']);
    expect(bare.code).toBe(2);
    expect(lines(bare.stdout)).toEqual([
      {
        problem: expect.objectContaining({
          code: 'not-a-repository',
          message: expect.stringContaining('no commit yet'),
        }),
      },
    ]);
  });
});
