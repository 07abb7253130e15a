/** Both doubles together: what a supervisor finds when it does everything right. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentFolder } from './agent-program.ts';
import { ask, get, github, jit, repository, runners } from './double-kit.ts';

let agent: AgentFolder;

beforeEach(async () => {
  agent = await AgentFolder.make();
  github.world.waits.lost = 10_000;
});

afterEach(async () => {
  await agent.dispose();
});

/** Writes the files of a just-in-time configuration; the runner's id. */
async function configure(name: string): Promise<number> {
  const { body } = await jit(name);
  const files = JSON.parse(Buffer.from(body.encoded_jit_config, 'base64').toString()) as Record<
    string,
    string
  >;
  for (const [file, content] of Object.entries(files))
    writeFileSync(path.join(agent.root, file), Buffer.from(content, 'base64'));
  return body.runner.id;
}

test('a registered listener takes one job, runs it and is gone, and so is its runner', async () => {
  const id = await configure('r1');
  const listener = agent.listener();
  await listener.says('Listening for Jobs');
  expect((await get(`${runners}/${id}`)).body).toMatchObject({ status: 'online', busy: false });
  const [job] = github.queueJob({ repository, labels: ['linux'], name: 'hello', script: 'echo hi; exit 3' });
  await listener.says('Job hello completed with result: Failed');
  expect((await listener.ended).code).toBe(0);
  expect(github.job(job!).conclusion).toBe('failure');
  expect([github.runners(), github.jobRuns.get(job!)]).toEqual([[], 1]);
  expect(github.violations).toEqual([]);
});

test('a listener whose runner is deleted while it is idle ends', async () => {
  const id = await configure('r1');
  const listener = agent.listener();
  await listener.says('Listening for Jobs');
  expect((await ask('DELETE', `${runners}/${id}`)).status).toBe(204);
  await listener.says('The runner no longer exists on the server');
  expect((await listener.ended).code).toBe(0);
});

test('a run that is cancelled ends the job of its worker', async () => {
  await configure('r1');
  const listener = agent.listener();
  await listener.says('Listening for Jobs');
  const [job] = github.queueJob({ repository, labels: ['linux'], name: 'long', script: 'sleep 60' });
  await expect.poll(() => github.jobRuns.get(job!)).toBe(1);
  const run = github.job(job!).run.id;
  expect((await ask('POST', `/repos/${repository}/actions/runs/${run}/cancel`)).status).toBe(202);
  await listener.says('completed with result: Canceled');
  expect(github.job(job!).conclusion).toBe('cancelled');
});
