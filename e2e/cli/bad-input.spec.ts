/** What goes wrong at the command line: one sentence with what to do next, the same as a Problem, and the exit code. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../src-main/contract/problem.ts';
import type { Home } from '../support/product.ts';
import { homeOf } from '../support/users.ts';
import { me, Site, small, stackTrace } from './site.ts';

type Case = readonly [
  title: string,
  args: readonly string[],
  code: number,
  problem: string,
  sentence: RegExp,
];

/** The sentence for a person and the Problem for a program, both of them. */
async function refused(home: Home, [, args, code, problem, sentence]: Case, cwd?: string): Promise<void> {
  const split = args.indexOf('--');
  const at = split < 0 ? args.length : split;
  const options = cwd === undefined ? {} : { cwd };
  const [text, json] = await Promise.all([
    home.cli(args, options),
    home.cli([...args.slice(0, at), '--json', ...args.slice(at)], options),
  ]);
  expect(text).toMatchObject({ code, stdout: '' });
  expect(text.stderr).toMatch(sentence);
  expect(text.stderr).toMatch(/^homerunner: [^\n]+[.?] [^\n]+\n$/);
  expect(text.stderr).not.toMatch(stackTrace);
  expect(json).toMatchObject({ code, stderr: '' });
  const document = JSON.parse(json.stdout) as { problem: Problem };
  expect(document.problem.code).toBe(problem);
  expect(text.stderr).toContain(document.problem.message);
  expect(document.problem.hint).toMatch(/^\S.*\S$/);
}

const usage: readonly Case[] = [
  ['an unknown command', ['stauts'], 2, 'usage', /no command stauts; did you mean status\?/],
  ['an unknown second word', ['pool', 'ad'], 2, 'usage', /no command pool ad; did you mean pool add\?/],
  [
    'an unknown option',
    ['submit', '--wiat', '--', 'ls'],
    2,
    'usage',
    /no option --wiat; did you mean --wait\?/,
  ],
  ['an option without its value', ['pause', '--for'], 2, 'usage', /--for needs a value/],
  [
    'an option that is given twice',
    ['pause', '--for', '1h', '--for', '2h'],
    2,
    'usage',
    /--for is given twice/,
  ],
  ['a switch with a value', ['submit', '--wait=yes', '--', 'ls'], 2, 'usage', /--wait takes no value/],
  ['no command to run', ['submit', '--wait'], 2, 'usage', /needs a command after --/],
  ['a command without --', ['submit', 'make', 'test'], 2, 'usage', /the command to run comes after --/],
  ['a missing argument', ['job', 'show'], 2, 'usage', /job show needs JOB/],
  ['one argument too many', ['status', 'now'], 2, 'usage', /does not know what to do with "now"/],
  ['a length that is none', ['pause', '--for', '3x'], 2, 'usage', /--for 3x is not a length of time such as/],
  ['a time that is none', ['pause', '--until', '25:99'], 2, 'usage', /--until 25:99 is not a time such as/],
  [
    'two ends of a pause',
    ['pause', '--for', '1h', '--until', '18:00'],
    2,
    'usage',
    /--for or --until, not both/,
  ],
  ['a limit that is none', ['job', 'list', '--limit', '0'], 2, 'usage', /--limit is a whole number/],
  ['an unknown shell', ['completion', 'tcsh'], 2, 'usage', /only for bash, zsh, fish/],
  ['a later command', ['doctor'], 2, 'usage', /doctor is not part of this version yet/],
  ['a former command', ['register'], 2, 'usage', /no command register any more.*pool add/],
  ['a former command, too', ['monitor'], 2, 'usage', /no command monitor any more.*status/],
];

describe('without a supervisor', () => {
  let home: Home;
  beforeAll(() => {
    home = homeOf(me);
  });
  afterAll(() => home.dispose());

  test.each(usage)('%s', (...row) => refused(home, row));

  test.each<Case>([
    [
      'status',
      ['status'],
      3,
      'no-supervisor',
      /No supervisor runs for this home\. Start one with `homerunner run`/,
    ],
    ['submit', ['submit', '--', 'ls'], 3, 'no-supervisor', /No supervisor runs/],
    ['submit --wait', ['submit', '--wait', '--', 'ls'], 3, 'no-supervisor', /No supervisor runs/],
    ['stop', ['stop'], 3, 'no-supervisor', /No supervisor runs/],
    ['why', ['why', 'x'], 3, 'no-supervisor', /No supervisor runs/],
    ['runner list', ['runner', 'list'], 3, 'no-supervisor', /No supervisor runs/],
  ])('%s says how to start one', (...row) => refused(home, row));

  test('what wants no supervisor is not stopped by a garbled configuration', async () => {
    const file = path.join(home.path, 'config.json');
    await home.json(['pool', 'add', '--forge', 'local']);
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const wrong = JSON.stringify({ ...config, reserve: { cpuPercent: 'lots', memoryPercent: 15 } });
    writeFileSync(file, wrong);
    const shown = await home.cli(['config', 'show']);
    expect(shown.code).toBe(0);
    expect(shown.stderr).toMatch(/reserve\.cpuPercent/);
    expect((JSON.parse(shown.stdout) as { reserve: object }).reserve).toEqual({
      cpuPercent: 20,
      memoryPercent: 15,
    });
    const { problems } = await home.json<{ problems: Problem[] }>(['config', 'show']);
    expect(problems).toEqual([expect.objectContaining({ code: 'config-field' })]);
    expect(readFileSync(file, 'utf8')).toBe(wrong);
    const supervisor = await home.run();
    expect((await home.status()).problems).toEqual([expect.objectContaining({ code: 'config-field' })]);
    expect(supervisor.stderr).toMatch(/reserve\.cpuPercent/);
    await supervisor.stop();
    expect(readFileSync(file, 'utf8')).toBe(wrong);
  });
});

describe('with a supervisor', () => {
  let site: Site;
  let repo: string;
  beforeAll(async () => {
    site = new Site(me);
    repo = site.repository({ file: '1' });
    await site.home.json(['pool', 'add', '--forge', 'local', ...small]);
    await site.home.run();
  });
  afterAll(() => site.dispose());

  const foreign = process.arch === 'arm64' ? 'x64' : 'arm64';
  const submit = (...options: string[]) => ['submit', ...options, '--', 'true'];

  test.each<Case>([
    [
      'an unknown job',
      ['job', 'show', 'nope'],
      1,
      'not-found',
      /no job called nope\. `homerunner job list` shows/,
    ],
    ['the log of an unknown job', ['job', 'logs', 'nope'], 1, 'not-found', /no job called nope/],
    ['why an unknown job waits', ['why', 'nope'], 1, 'not-found', /no job called nope/],
    ['an unknown runner', ['runner', 'remove', 'nope'], 1, 'not-found', /nope/],
    ['a pause of an unknown pool', ['pause', '--pool', 'nope'], 1, 'not-found', /no pool called nope/],
    ['a resume of an unknown pool', ['resume', '--pool', 'nope'], 1, 'not-found', /no pool called nope/],
    ['an edit of nothing', ['pool', 'edit', 'local'], 2, 'usage', /needs at least one option/],
    [
      'an unknown label',
      submit('--label', 'nope'),
      2,
      'no-matching-pool',
      /No pool has the label nope.*pool list/,
    ],
    [
      'a foreign architecture',
      submit('--arch', foreign),
      2,
      'no-matching-pool',
      new RegExp(`No pool takes ${foreign}.*pool list`),
    ],
    ['an unknown architecture', submit('--arch', 'z80'), 2, 'usage', /no architecture z80; known are/],
    ['an unknown pool', submit('--pool', 'nope'), 2, 'no-matching-pool', /no pool called nope/],
    ['a variable without =', submit('--env', 'FOO'), 2, 'usage', /--env FOO: it is NAME=VALUE/],
    ['a cache that climbs out', submit('--cache', '../x'), 2, 'usage', /--cache \.\.\/x: a cache is/],
    ['a secret that is no name', submit('--secret', 'a b'), 2, 'usage', /--secret a b: a secret is/],
    ['an output outside', submit('--out', '/etc'), 2, 'usage', /"\/etc" does not lie in the folder/],
    ['retries that are none', submit('--retry', 'x'), 2, 'usage', /--retry x is not a whole number/],
    [
      'a time limit that is none',
      submit('--timeout', 'abc'),
      2,
      'usage',
      /--timeout abc is not a length of time/,
    ],
    ['two sources', submit('--dirty', '--in-place'), 2, 'usage', /exclude each other/],
    ['a folder that is not there', submit('--dir', '/nope/no'), 2, 'usage', /no folder \/nope\/no/],
    ['GPUs', submit('--gpus', '1'), 2, 'usage', /--gpus is not part of this version yet/],
    ['a second supervisor', ['run'], 1, 'already-running', /Another supervisor runs.*homerunner stop/],
  ])('%s', (...row) => refused(site.home, row, repo));

  test('a folder that is not in a repository', async () => {
    const cwd = mkdtempSync(path.join(site.work, 'none-'));
    await refused(
      site.home,
      ['', submit(), 2, 'not-a-repository', /is not in a git repository\. .*--in-place/],
      cwd,
    );
  });

  test('nothing of all this became a job', async () => {
    expect(await site.home.jobs()).toEqual([]);
  });
});
