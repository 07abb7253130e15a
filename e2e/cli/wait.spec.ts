/** `submit --wait` when the supervisor ends before its job is told: by `stop`, and by Ctrl-C. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finished } from '../support/product.ts';
import { until } from '../support/until.ts';
import { me, Site, small } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = new Site(me);
  await site.home.json(['pool', 'add', '--forge', 'local', '--max', '2', ...small]);
});
afterAll(() => site.dispose());

test.each(['stop', 'SIGINT'])('a drain (%s) gives the job’s own code and all of its output', async (how) => {
  const supervisor = await site.home.run();
  const script = 'echo begun; sleep 1; i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; exit 4';
  const child = site.home.spawn(['submit', '--wait', '--in-place', '--', 'sh', '-c', script]);
  const done = finished(child);
  await until(async () => (await site.home.jobs()).some((job) => job.state === 'running'), 'the job runs');
  // Whoever waits is slower than the end of the supervisor, which may otherwise still answer.
  child.kill('SIGSTOP');
  if (how === 'stop') expect((await site.home.cli(['stop'])).code).toBe(0);
  else supervisor.child.kill('SIGINT');
  expect((await supervisor.ended()).code).toBe(0);
  child.kill('SIGCONT');
  const stopped = performance.now();
  const { code, stdout, stderr } = await done;
  expect(performance.now() - stopped).toBeLessThan(5000);
  expect(stdout).toBe(`begun\n${Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join('')}`);
  expect(stderr).toContain('It failed with exit code 4.');
  expect(code).toBe(4);
});
