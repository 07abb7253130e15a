import { beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../../../contract/commands.ts';
import type { Pool } from '../../../../contract/pool.ts';
import type { MemoryGitHub } from '../memory.test-kit.ts';
import { checkAt, gitHubOfAnn, good, R, workflowsAt, type Lights } from './preflight.test-kit.ts';

let github: MemoryGitHub;
beforeEach(() => {
  github = gitHubOfAnn();
});
const check = (pool?: Partial<Pool>): Promise<Lights> => checkAt(github, pool);

describe('workflows', () => {
  const one = async (text: string, name: string): Promise<Light> => {
    workflowsAt(github, R, { 'ci.yml': text });
    return (await check())[name]!;
  };

  it.each([
    ['on: pull_request', true],
    ['on: { pull_request_target: { types: [opened] } }', false],
  ])('%s is good: %s', async (on, ok) => {
    const light = await one(`${on}\njobs: {}`, 'pull-request-target');
    expect(light).toMatchObject({ ok, blocks: false });
    if (!ok) expect(light.message).toContain('ci.yml');
  });

  it.each([
    ['[self-hosted, linux]', true],
    ['"${{ inputs.runner }}"', true],
    ['[self-hosted, windows]', false],
    ['macos-latest', false],
    ['ubuntu-latest', false],
  ])('a job on %s comes here: %s', async (runsOn, ok) => {
    const light = await one(`on: push\njobs: { build: { runs-on: ${runsOn} } }`, 'labels');
    expect(light).toMatchObject({ ok, blocks: false });
    if (!ok) expect(light.message).toContain('build in ci.yml');
  });

  it('tells hosted jobs apart and is content where others come', async () => {
    const light = await one(
      'on: push\njobs: { a: { runs-on: ubuntu-latest }, b: { runs-on: linux } }',
      'labels',
    );
    expect(light).toMatchObject({ ok: true });
    expect(light.message).toContain('1 of 2 jobs comes');
    expect(light.message).toContain('On machines of GitHub: a in ci.yml (ubuntu-latest)');
  });

  it('names the job that needs Docker, or programs', async () => {
    const text =
      'on: push\njobs: { build: { runs-on: linux, container: alpine, steps: [{ run: "sudo jq ." }] } }';
    expect(await one(text, 'docker')).toMatchObject({ ok: false, blocks: false });
    expect((await one(text, 'docker')).message).toContain('build in ci.yml (a job container)');
    const tools = await one(text, 'tools');
    expect(tools).toMatchObject({ ok: false, blocks: false });
    expect(tools.message).toContain('build in ci.yml (jq)');
    expect(tools.message).toContain('sudo: build in ci.yml');
  });

  it.each([
    ['on: [push\njobs: {}', 'its YAML cannot be read'],
    ['- a list', 'it is no list of fields'],
  ])('that are no workflows are a sentence: %#', async (text, why) => {
    const light = await one(text, 'workflows');
    expect(light).toMatchObject({ ok: false, blocks: false });
    expect(light.message).toContain(why);
    expect(light.message.length).toBeLessThan(400);
  });

  it('that are too big are not fetched, and other files neither', async () => {
    github.on(`${R}/contents/.github/workflows`, [
      { type: 'file', name: 'big.yml', size: 10_000_000 },
      { type: 'file', name: 'README.md', size: 1 },
      { type: 'dir', name: 'more.yml' },
    ]);
    const { message } = (await check())['workflows']!;
    expect(message).toBe('Not looked at: big.yml (it is too big to be looked at).');
    expect(github.asked.filter(({ request }) => /\.ya?ml|README/.test(request))).toEqual([]);
  });

  it('may be missing', async () => {
    github.fail(`${R}/contents/.github/workflows`, 'not-found');
    expect((await check())['workflows']).toMatchObject({ ok: false, blocks: false });
  });

  it('one file that cannot be had is told, and the others are looked at', async () => {
    workflowsAt(github, R, { 'a.yml': good, 'b.yml': 'on: pull_request_target\njobs: {}' });
    github.fail(`${R}/contents/.github/workflows/a.yml`, 'forge-unreachable');
    const lights = await check();
    expect(lights['workflows']!.message).toContain('a.yml');
    expect(lights['pull-request-target']!.ok).toBe(false);
  });
});
