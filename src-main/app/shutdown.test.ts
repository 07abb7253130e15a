import { afterEach, expect, it, vi } from 'vitest';
import type { PlanInput } from '../core/plan-types.ts';
import { makeInput, makeInstance } from '../core/testing/make.ts';
import { act } from './act.ts';
import { Bench, remoteRecord } from './app.test-kit.ts';
import { hasEnded } from './shutdown.ts';

afterEach(() => {
  vi.useRealTimers();
});

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
  expect(hasEnded(state, at(91_000))).toBe(true);
  state.unwritten.clear();
  expect(hasEnded(state, at(1000))).toBe(true);
});

it('a stop at once does not end before an agent that is slow to end could be killed', () => {
  const { state, deps } = new Bench();
  state.put(remoteRecord());
  state.stop = 'now';
  state.stopAt = state.now();
  const seen = { name: 'r1', worker: 'running', forge: 'unknown', instance: makeInstance() };
  const at = (ms: number): PlanInput =>
    makeInput({
      now: state.now() + ms,
      observations: [seen] as unknown as PlanInput['observations'],
    });
  const grace = deps.forges[0]?.agent.killGraceMs ?? 0;
  expect(hasEnded(state, at(grace + 15_000))).toBe(false);
  expect(hasEnded(state, at(grace + 31_000))).toBe(true);
});

it('what is to end at once does not wait for a forge that does not answer', async () => {
  vi.useFakeTimers();
  const bench = new Bench();
  bench.add();
  const [kit] = bench.deps.forges;
  Object.assign(kit ?? {}, { fence: () => new Promise(() => undefined) });
  const fencing = act(
    { do: 'fence', key: 'r1', why: 'Stopped at once.', now: true },
    bench.deps,
    bench.state,
  );
  await vi.advanceTimersByTimeAsync(3000);
  await fencing;
  expect(bench.state.records.get('r1')).toMatchObject({ ending: { now: true }, fencedAt: null });
});
