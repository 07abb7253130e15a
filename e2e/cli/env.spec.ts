/** The predecessor's variables: they make one pool, and whatever cannot be had or read is said. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  hostVariables,
  laterVariables,
  poolVariables,
  replacedVariables,
} from '../../src-main/core/config/variables.ts';
import type { Home } from '../support/product.ts';
import { until } from '../support/until.ts';
import { homeOf } from '../support/users.ts';
import { me, stackTrace } from './site.ts';

let home: Home;
beforeEach(() => {
  home = homeOf(me);
});
afterEach(() => home.dispose());

test('they make the pool env, which runs jobs, is in no file and goes with the variables', async () => {
  const first = await home.run({
    env: {
      ...{ RUNNER_MODE: 'auto', RUNNER_ENABLE_DYNAMIC_SCALING: 'true', RUNNER_MAX_COUNT: '3' },
      ...{ RUNNER_SCALING_MODE: 'aggressive', RUNNER_IDLE_TIMEOUT: '77', RUNNER_LABELS: 'fast, GPU-less' },
      ...{ RUNNER_CPU_CORES: '0.5', RUNNER_MEMORY_GB: '0.25', RUNNER_NAME_PREFIX: 'old' },
    },
  });
  const { pools } = await home.json<{ pools: object[] }>(['pool', 'list']);
  expect(pools).toEqual([
    expect.objectContaining({
      ...{
        id: 'env',
        forge: 'local',
        mode: 'auto',
        scaling: 'aggressive',
        min: 0,
        max: 3,
        cores: 0.5,
        memoryMiB: 256,
      },
      ...{ idleTimeoutSeconds: 77, labels: ['fast', 'gpu-less'] },
    }),
  ]);
  const job = await home.outcome(await home.submit(['true'], { args: ['--in-place', '--label', 'fast'] }));
  expect(job).toMatchObject({ state: 'succeeded', pool: 'env', runner: expect.stringMatching(/^old-/) });
  const edit = await home.cli(['pool', 'edit', 'env', '--max', '9']);
  expect(edit).toMatchObject({ code: 2, stdout: '' });
  expect(edit.stderr).toMatch(/comes from environment variables\. Change the variables/);
  await first.stop();
  const file = await home.cli(['config', 'show']);
  expect(file.stdout).not.toContain('"env"');
  await home.run();
  expect((await home.json<{ pools: object[] }>(['pool', 'list'])).pools).toEqual([]);
});

test('a file .env in the working directory counts, below the environment, and is told of', async () => {
  writeFileSync(
    path.join(home.path, '.env'),
    '# old\nexport RUNNER_MODE="ephemeral"\nRUNNER_COUNT=2 # two\n',
  );
  const supervisor = await home.run({ env: { RUNNER_COUNT: '1' } });
  const { pools } = await home.status();
  expect(pools).toEqual([expect.objectContaining({ id: 'env', mode: 'ephemeral', min: 1, max: 1 })]);
  expect(supervisor.stderr).toContain(path.join(home.path, '.env'));
});

test('garbage in any of them is named with what is accepted and what is used, and the start goes on', async () => {
  const garbage = 'no such value ?!';
  const readers = { ...poolVariables, ...hostVariables };
  const unreadable = Object.entries(readers).flatMap(([name, reader]) =>
    reader.read(garbage) === null ? [name] : [],
  );
  expect(unreadable.length).toBeGreaterThan(15);
  const supervisor = await home.run({ env: Object.fromEntries(unreadable.map((name) => [name, garbage])) });
  for (const name of unreadable) {
    expect(supervisor.stderr).toMatch(
      new RegExp(`^${name} is not valid \\(expected: .+\\); used instead: .+\\.$`, 'm'),
    );
  }
  expect(supervisor.stderr).not.toMatch(stackTrace);
  expect((await home.status()).pools).toEqual([expect.objectContaining({ id: 'env', mode: 'auto', max: 1 })]);
});

test('each that has no effect is answered by one sentence, which never tells its value', async () => {
  const value = 'a-value-that-nobody-should-read';
  const names = [...Object.keys(laterVariables), ...Object.keys(replacedVariables)];
  const supervisor = await home.run({ env: Object.fromEntries(names.map((name) => [name, value])) });
  await until(() => supervisor.stderr.includes(names.at(-1) ?? ''), 'the warnings are printed');
  for (const name of names) {
    const lines = supervisor.stderr.split('\n').filter((line) => line.startsWith(`${name} `));
    expect(lines).toEqual([expect.stringMatching(/ has no effect( any more)?: .+\.$/)]);
  }
  expect(supervisor.stderr).not.toContain(value);
  expect(readFileSync(path.join(home.path, 'logs/homerunner.log'), 'utf8')).not.toContain(value);
});

test('a foreign architecture is refused by the name of its variable, and the start goes on', async () => {
  const foreign = process.arch === 'arm64' ? 'x64' : 'arm64';
  const supervisor = await home.run({ env: { RUNNER_TARGET_ARCHITECTURES: foreign, RUNNER_MODE: 'auto' } });
  expect(supervisor.stderr).toMatch(
    /RUNNER_TARGET_ARCHITECTURES asks for .*RUNNER_ENABLE_EMULATION is not true/,
  );
  const { problems } = await home.status();
  expect(problems).toContainEqual(expect.objectContaining({ code: 'emulation-missing' }));
});

test('a token or an unrelated variable alone makes no pool', async () => {
  await home.run({ env: { GITHUB_TOKEN: 'x', RUNNER_COLOUR: 'blue', CI: 'true' } });
  expect((await home.status()).pools).toEqual([]);
});
