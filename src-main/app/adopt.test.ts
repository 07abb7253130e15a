import { expect, it } from 'vitest';
import { makeInstance, makePool } from '../core/testing/make.ts';
import { adopted } from './adopt.ts';
import { Bench } from './app.test-kit.ts';

it('an agent that the journal has lost is of the pool in its name, and of none whose name ends alike', () => {
  const bench = new Bench();
  const pool = (id: string) => makePool({ id, forge: 'github', scope: `ann/${id}`, account: id });
  bench.config = {
    ...bench.config,
    pools: [pool('app'), pool('my-app'), pool('a-pool-of-a-very-long-name')],
  };
  bench.restart();
  const poolOf = (name: string) => {
    const { pool: id, scope, account } = adopted(makeInstance({ name }), bench.deps, bench.state);
    return [id, scope, account];
  };
  expect(poolOf('hr-abcdef-my-app-abc123')).toEqual(['my-app', 'ann/my-app', 'my-app']);
  expect(poolOf('hr-abcdef-app-abc123')).toEqual(['app', 'ann/app', 'app']);
  expect(poolOf('hr-abcdef-a-pool-of-a-very-abc123')[0]).toBe('a-pool-of-a-very-long-name');
  expect(poolOf('hr-abcdef-gone-abc123')[0]).toBe('adopted');
});
