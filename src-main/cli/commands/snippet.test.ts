import { expect, test } from 'vitest';
import type { Pool } from '../../contract/pool.ts';
import { poolDefaults } from '../../core/config/defaults.ts';
import { cli, MemoryWorld } from '../cli.test-kit.ts';

const pool = (id: string, more: Partial<Pool> = {}): Pool => ({
  ...poolDefaults(id, 'auto', 'x64'),
  forge: 'github',
  scope: 'octo/app',
  account: 'octo',
  ...more,
});
const local = poolDefaults('local', 'auto', 'x64');
const worldOf = (...pools: Pool[]) =>
  Object.assign(new MemoryWorld(), { handlers: { 'pool.list': () => ({ pools }) } });

test('the only pool at GitHub, or the one that is named, with labels that its runners carry', async () => {
  const { code, paper } = await cli(['workflow-snippet'], worldOf(local, pool('a', { labels: ['lab'] })));
  expect([code, paper.stdout]).toEqual([0, expect.stringContaining(`HERE: '["self-hosted","x64","lab"]'`)]);
  const named = await cli(
    ['workflow-snippet', '--pool', 'b', '--json'],
    worldOf(pool('a'), pool('b', { size: 'large' })),
  );
  expect(named.paper.documents).toEqual([
    { pool: 'b', workflow: expect.stringContaining(`HERE: '["large"]'`) },
  ]);
});

test.each([
  [[], [local], 2, 'There is no pool at GitHub yet.'],
  [[], [pool('a'), pool('b')], 2, 'There are several pools at GitHub: a, b.'],
  [['--pool', 'local'], [local, pool('a')], 2, 'The pool local is not one at GitHub.'],
  [['--pool', 'c'], [pool('a')], 1, 'There is no pool called c.'],
])('%j: a sentence', async (argv, pools, expected, sentence) => {
  const { code, paper } = await cli(['workflow-snippet', ...argv], worldOf(...pools));
  expect([code, paper.stderr]).toEqual([expected, expect.stringContaining(sentence)]);
});
