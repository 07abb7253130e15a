import { expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import type { Plan, PoolPlan } from './plan-types.ts';
import { makeInput, makeJob, makePoolState } from './testing/make.ts';
import { whyWaiting } from './why.ts';

it('a job whose pool rests after failures is told what failed, and what to do', () => {
  const job = makeJob('j');
  const state = makePoolState({ id: 'p' });
  const short = 'Waits after 2 failures in a row.';
  const planned = { waiting: [job], ready: 0, busy: 0, want: 1, short } as unknown as PoolPlan;
  const plan = { pools: new Map([['p', planned]]), unmatched: [] } as unknown as Plan;
  const why = (problems: Parameters<typeof whyWaiting>[3]['problems']) =>
    whyWaiting(job, makeInput({ pools: [state] }), plan, { host: null, problems }).why;
  expect(why(new Map())).toEqual([short]);
  const old = problem('agent-outdated', 'It is too old.', 'Name a newer one.').problem;
  expect(why(new Map([['p', old]]))).toEqual(['It is too old. Name a newer one.', short]);
});
