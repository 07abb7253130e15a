import { expect, it } from 'vitest';
import { Bench } from './app.test-kit.ts';
import { commandsOf } from './commands.ts';

const nothing = () => undefined;

it('a runner that ends already keeps its grace, whoever ends it once more, but for an end at once', async () => {
  const bench = new Bench();
  bench.add({ oneJob: false });
  let fences = 0;
  Object.assign(bench.deps.forges[0] ?? {}, {
    fence: () => {
      fences += 1;
      return Promise.resolve('fenced');
    },
  });
  Object.assign(bench.deps.forges[0]?.remote ?? {}, { foreign: () => [] });
  const commands = commandsOf(bench.deps, bench.state, nothing, () => Promise.resolve());
  await commands['runner.restart']({ runner: 'r1' });
  const { fencedAt } = bench.state.records.get('r1') ?? {};
  bench.pass(30_000);
  expect(await commands['runner.remove']({ runner: 'r1', now: false })).toEqual({ message: 'r1 ends.' });
  expect([fences, bench.state.records.get('r1')?.fencedAt]).toEqual([1, fencedAt]);
  await commands['runner.remove']({ runner: 'r1', now: true });
  expect(bench.state.records.get('r1')?.ending).toMatchObject({ now: true, why: 'Removed by the owner.' });
});
