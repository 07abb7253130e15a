/** The first minutes with the program: what `npm start` runs, as root and as a plain user. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Pool } from '../../src-main/contract/pool.ts';
import { finished, program, Running } from '../support/product.ts';
import { until } from '../support/until.ts';
import { accounts } from '../support/users.ts';
import { lines, Site, stackTrace } from './site.ts';

describe.each(accounts)('$title', (account) => {
  let site: Site;
  beforeEach((context) => {
    if (account.skip !== null) context.skip(account.skip);
    site = new Site(account);
  });
  afterEach(async () => {
    if (account.skip === null) await site.dispose();
  });

  const pools = async () => (await site.home.json<{ pools: Pool[] }>(['pool', 'list'])).pools;

  test('it says what the machine is, makes a pool after saying so, and the two commands work as printed', async () => {
    const first = await site.home.run({ args: ['--welcome'] });
    await until(() => first.stdout.includes('Ctrl-C stops it.'), 'it has said everything');
    expect(first.stdout).toMatch(
      /^homerunner ready \(pid \d+, home .+\)\n\nThis machine: .+\nGood for: .+\n/,
    );
    expect(first.stdout).toMatch(/There is no pool yet, so a local one is made/);
    expect(first.stdout).toMatch(/Jobs run as you: your files and keys are readable to them\./);
    expect(await pools()).toEqual([expect.objectContaining({ id: 'local', forge: 'local', mode: 'auto' })]);

    const repo = site.repository({ Makefile: 'test:\n\t@echo tested\n' });
    const commands = first.stdout.split('\n').filter((line) => line.startsWith('  '));
    expect(commands).toHaveLength(2);
    const [submitted, shown] = await Promise.all(commands.map((command) => inShell(command, repo)));
    expect(submitted).toMatchObject({ code: 0, stdout: 'tested\n' });
    expect(shown?.code).toBe(0);
    expect(shown?.stdout).toContain('Capacity: ');
    const done = await first.stop('SIGINT');
    expect(done.code).toBe(0);
    expect(done.stdout + done.stderr).not.toMatch(stackTrace);

    const second = await site.home.run({ args: ['--welcome'] });
    await until(() => second.stdout.includes('Ctrl-C stops it.'), 'it has said everything');
    expect(second.stdout).not.toContain('There is no pool yet');
    expect(await pools()).toHaveLength(1);
  });

  test('--json: one object a line, from ready to stopped', async () => {
    const running = new Running(site.home.spawn(['run', '--welcome', '--json']));
    await until(() => running.stdout.includes('Ctrl-C'), 'it has said everything');
    const done = await running.stop();
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const events = lines(done.stdout);
    expect(events[0]).toEqual({ event: 'ready', pid: running.pid, home: site.home.path });
    expect(events.at(-1)).toEqual({ event: 'stopped' });
    expect(
      events.slice(1, -1).every(({ event, message }) => event === 'note' && typeof message === 'string'),
    ).toBe(true);
  });

  /** A line that a person copied, in a shell of theirs. */
  function inShell(command: string, cwd: string): ReturnType<typeof finished> {
    return finished(spawn('sh', ['-c', command], { cwd, env: site.home.env, ...site.home.user }));
  }
});

const [me] = accounts;
const run = me === undefined ? describe.skip : describe;

run('a home that cannot be', () => {
  let site: Site;
  beforeEach(() => {
    site = new Site(me ?? { title: '', user: null, skip: null });
  });
  afterEach(() => site.dispose());

  test.each([
    ['is a file', (file: string) => writeFileSync(file, '')],
    ['lies below a file', (file: string) => writeFileSync(path.dirname(file), '')],
  ])('that %s is told in a sentence', async (_, prepare) => {
    const place = path.join(site.work, 'deep');
    const home = path.join(place, 'home');
    if (_ === 'is a file') mkdirSync(place);
    prepare(home);
    const done = await site.home.cli(['run', '--welcome', '--home', home]);
    expect(done).toMatchObject({ code: 1, stdout: '' });
    expect(done.stderr).toMatch(/^homerunner: [^\n]+\. [^\n]+\.\n$/);
    expect(done.stderr).not.toMatch(stackTrace);
  });

  test('a broken pipe ends a command quietly', async () => {
    const command = `"${process.execPath}" "${program}" --help | head -n 1`;
    const done = await finished(spawn('sh', ['-c', command], { env: site.home.env }));
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout.split('\n')).toHaveLength(2);
  });
});
