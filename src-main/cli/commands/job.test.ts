import { expect, test } from 'vitest';
import { cli, makeJob, MemoryWorld } from '../cli.test-kit.ts';

test('the log of a job elsewhere is its agent’s: it is said where that of its steps is', async () => {
  const world = new MemoryWorld();
  const job = makeJob({ id: 'gh-1', forge: 'github', url: 'https://github.com/a/b/1', startedAt: 1 });
  world.handlers['job.show'] = () => ({ job, submission: null, commit: null, outputs: [], problem: null });
  world.log = async function* () {
    yield { data: Buffer.from('ran').toString('base64'), cursor: 3, skipped: 0 };
  };
  const { paper } = await cli(['job', 'logs', 'gh-1'], world);
  expect([paper.stdout, paper.stderr]).toEqual([
    'ran',
    'What its steps print is at its forge: https://github.com/a/b/1\n',
  ]);
  expect((await cli(['job', 'logs', 'gh-1', '--json'], world)).paper.stderr).toBe('');
});
