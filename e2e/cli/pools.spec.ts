/** Pools on the command line, the same with a supervisor and without one. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Pool } from '../../src-main/contract/pool.ts';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { homeOf } from '../support/users.ts';
import { me, small } from './site.ts';

let home: Home;
beforeEach(() => {
  home = homeOf(me);
});
afterEach(() => home.dispose());

describe.each([{ supervised: true }, { supervised: false }])(
  'with a supervisor: $supervised',
  ({ supervised }) => {
    test('add, list, show, edit and remove', async () => {
      if (supervised) await home.run();
      expect((await home.cli(['pool', 'list'])).stdout).toMatch(
        /There is no pool yet.*pool add --forge local/,
      );
      const wish = [
        '--name',
        'My tests',
        '--mode',
        'ephemeral',
        '--min',
        '0',
        '--max',
        '3',
        '--scaling',
        'lazy',
      ];
      const more = ['--cores', '0.5', '--memory', '512m', '--label', 'Fast', '--weight', '2', '--warm', '1'];
      const { pool } = await home.json<{ pool: Pool }>(['pool', 'add', '--forge', 'local', ...wish, ...more]);
      expect(pool).toMatchObject({
        id: 'my-tests',
        name: 'My tests',
        mode: 'ephemeral',
        min: 0,
        max: 3,
        scaling: 'lazy',
        cores: 0.5,
        memoryMiB: 512,
        labels: ['fast'],
        weight: 2,
        overrides: { warm: 1 },
      });
      const edit = ['pool', 'edit', 'my-tests', '--max', '5', '--idle-timeout', '90s', '--mode', 'auto'];
      expect((await home.cli(edit)).stdout).toBe(
        'The pool my-tests was changed: auto, lazy, up to 5 runners.\n',
      );
      const shown = await home.json<{ pool: Pool }>(['pool', 'show', 'my-tests']);
      expect(shown.pool).toEqual({ ...pool, max: 5, idleTimeoutSeconds: 90, mode: 'auto' });
      const again = await home.json<{ pool: Pool }>(['pool', 'add']);
      expect(again.pool.id).toBe('local');
      const { stdout } = await home.cli(['pool', 'list']);
      expect(stdout).toMatch(/^my-tests +local +\S+ +auto +lazy +0 to 5 +0\.5 cores +fast$/m);
      expect((await home.cli(['pool', 'remove', 'my-tests'])).code).toBe(0);
      const left = await home.json<{ pools: Pool[] }>(['pool', 'list']);
      expect(left.pools.map((p) => p.id)).toEqual(['local']);
      const gone = await home.cli(['pool', 'show', 'my-tests']);
      expect(gone).toMatchObject({ code: 1, stdout: '' });
      expect(gone.stderr).toMatch(
        /^homerunner: There is no pool called my-tests\. See `homerunner pool list`\.\n$/,
      );
    });
  },
);

const refusals: readonly (readonly [string, RegExp])[] = [
  ['--forge gitlab', /Pools of GitLab are not part of this version yet/],
  ['--forge github', /needs --scope: owner\/repository/],
  ['--forge github --scope a/b/c', /--scope a\/b\/c is none of these/],
  ['--runtime container', /Runners in a container are not part of this version yet/],
  ['--size gpu', /lease a GPU are not part of this version yet/],
  ['--gpus 1', /--gpus is not part of this version yet/],
  ['--account me', /Accounts, tokens and addresses are for --forge github/],
  ['--token hunter2', /A token is not taken from the command line/],
  [
    `--arch ${process.arch === 'arm64' ? 'x64' : 'arm64'}`,
    /need emulation, which is not part of this version yet/,
  ],
  ['--min 3 --max 2', /A minimum of 3 runners is more than the maximum of 2/],
  ['--max 0', /--max 0: it must be at least 1/],
  ['--mode sometimes', /--mode sometimes: it must be auto, manual, ephemeral/],
  ['--memory lots', /--memory lots is not/],
  ['--weight heavy', /--weight heavy is not a number/],
];

test.each([{ supervised: true }, { supervised: false }])(
  'what this version has not, and what cannot be, is refused in a sentence; with a supervisor: $supervised',
  async ({ supervised }) => {
    if (supervised) await home.run();
    for (const [options, sentence] of refusals) {
      const done = await home.cli(['pool', 'add', ...options.split(' ')]);
      expect(done).toMatchObject({ code: 2, stdout: '' });
      expect(done.stderr).toMatch(sentence);
    }
    expect((await home.json<{ pools: Pool[] }>(['pool', 'list'])).pools).toEqual([]);
  },
);

test('two pools share the work by label, and `why` tells what a waiting job waits for', async () => {
  await home.json(['pool', 'add', '--forge', 'local', '--name', 'plain', ...small]);
  await home.json([
    'pool',
    'add',
    '--forge',
    'local',
    '--name',
    'special',
    '--label',
    'special',
    '--max',
    '1',
    ...small,
  ]);
  await home.json([
    'pool',
    'add',
    '--forge',
    'local',
    '--name',
    'giant',
    '--label',
    'giant',
    '--cores',
    '4000',
  ]);
  await home.run();
  const labelled = ['--in-place', '--label', 'special'];
  const endless = await home.submit(['sleep', '1000'], { args: labelled });
  const job = await until(async () => {
    const now = await home.job(endless);
    return now.state === 'running' && now;
  }, 'the job runs');
  expect(job.pool).toBe('special');
  const waits = await home.submit(['true'], { args: labelled });
  const free = await home.submit(['true'], { args: ['--in-place', '--pool', 'plain'] });
  expect(await home.outcome(free)).toMatchObject({ state: 'succeeded', pool: 'plain' });
  expect((await home.cli(['why', waits])).stdout).toMatch(/^\S.*\.\n$/);
  const never = await home.submit(['true'], { args: ['--in-place', '--label', 'giant'] });
  await until(
    async () =>
      /needs 4000 cores .*, more than the .* this machine can give\./.test(
        (await home.cli(['why', never])).stdout,
      ),
    'it says that the machine is too small',
  );
  await home.json(['job', 'cancel', endless]);
  expect(await home.outcome(waits)).toMatchObject({ state: 'succeeded', pool: 'special' });
  expect((await home.cli(['why', waits])).stdout).not.toBe('');
});

test('a pool that is removed lets its job finish, and takes no more', async () => {
  await home.json(['pool', 'add', '--forge', 'local', ...small]);
  await home.run();
  const id = await home.submit(['sh', '-c', 'sleep 1; exit 5']);
  await until(async () => (await home.job(id)).state === 'running', 'the job runs');
  expect(await home.json(['pool', 'remove', 'local'])).toEqual({ notes: ['1 running job finishes first.'] });
  expect((await home.outcome(id)).exitCode).toBe(5);
  await until(async () => (await home.status()).runners.length === 0, 'its runner is gone');
  const refused = await home.cli(['submit', '--in-place', '--', 'true']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
});
