import { expect, it } from 'vitest';
import type { PlanInput } from '../core/plan-types.ts';
import { makeInput, makeInstance } from '../core/testing/make.ts';
import { Bench, remoteRecord } from './app.test-kit.ts';
import { hasEnded } from './shutdown.ts';

it('a stop at once waits until what became of each job is written down, but not for ever', () => {
  const bench = new Bench();
  const { state } = bench;
  bench.add();
  const now = state.now();
  state.stop = 'now';
  state.stopAt = now;
  const seen = {
    name: 'r1',
    worker: 'none',
    forge: { busy: true },
    instance: makeInstance({ state: 'ended' }),
  };
  const at = (ms: number): PlanInput =>
    makeInput({ now: now + ms, observations: [seen] as unknown as PlanInput['observations'] });
  state.unwritten.add(remoteRecord().name);
  expect(hasEnded(state, at(1000))).toBe(false);
  expect(hasEnded(state, at(61_000))).toBe(true);
  state.unwritten.clear();
  expect(hasEnded(state, at(1000))).toBe(true);
});
