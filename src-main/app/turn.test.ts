import { expect, it } from 'vitest';
import { completeProfile } from '../core/classify.ts';
import { desktopFacts } from '../core/host.test-kit.ts';
import { makePool } from '../core/testing/make.ts';
import { Bench } from './app.test-kit.ts';
import { nothingObserved } from './observe.ts';
import { turnInput } from './turn.ts';

it('what a forge has closed gets nothing new, and its runners there are told apart from others', () => {
  const bench = new Bench();
  const at = (id: string, scope: string) => makePool({ id, forge: 'github', scope, account: 'ann' });
  bench.config = {
    ...bench.config,
    pools: [at('p', 'ann/*'), at('open', 'ann/open'), makePool({ id: 'local' })],
  };
  bench.restart();
  bench.add({ name: 'r1', scope: 'ann/open' });
  bench.add({ name: 'r2', scope: 'ann/app' });
  bench.closedScopes.set('ann/open', 'It is public.');
  const { pools } = turnInput(
    bench.deps,
    bench.state,
    nothingObserved,
    completeProfile(desktopFacts(), { cores: 1, memoryMiB: 2048 }),
  );
  expect(pools.map(({ pool, allowance }) => [pool.id, allowance.newRunners])).toEqual([
    ['p', true],
    ['open', false],
    ['local', true],
  ]);
  expect(pools[1]?.allowance.reasons).toEqual([{ code: 'closed', message: 'It is public.', until: null }]);
  expect(pools.map(({ closed }) => [...(closed?.keys() ?? [])])).toEqual([['ann/open'], ['ann/open'], []]);
});
