/** Where runners are registered: by the pool's scope, and as long as the forge has nothing against it. */
import { describe, expect, it } from 'vitest';
import { plan } from './plan.ts';
import type { PlanInput } from './plan-types.ts';
import type { Observation, RunnerRecord } from './runner.ts';
import { makeInput, makeInstance, makePoolState, makeRecord, observe, t0 } from './testing/make.ts';

const did = (input: Partial<PlanInput>): string[] => plan(makeInput(input)).actions.map((a) => a.do);
const github = (record: Partial<RunnerRecord>, more: Partial<Observation> = {}): Observation =>
  observe(makeRecord({ forge: 'github', startedAt: t0, ...record }), { instance: makeInstance(), ...more });

it.each([
  ['acme/*', 'Acme/Site'],
  ['acme/site', 'Acme/Site'],
])(
  'a runner is where its pool registers, however GitHub and the owner write it: %s, %s',
  (scope, written) => {
    const own = makePoolState({ forge: 'github', scope, mode: 'auto' });
    const record = { scope: written, oneJob: true, madeFor: 'j', idleSince: t0 };
    expect(did({ pools: [own], observations: [github(record)] })).toEqual([]);
    expect(did({ pools: [own], observations: [github({ ...record, scope: 'other/site' })] })).toEqual([
      'fence',
    ]);
  },
);

describe('a scope that its forge calls closed', () => {
  const closed = new Map([['ann/open', 'It is public.']]);
  const pool = makePoolState({ forge: 'github', scope: 'ann/*', mode: 'auto' }, { closed });
  const at = (scope: string, record: Partial<RunnerRecord> = {}, more: Partial<Observation> = {}) => {
    const o = github({ scope, oneJob: true, idleSince: t0, madeFor: 'j', ...record }, more);
    return plan(makeInput({ pools: [pool], observations: [o] })).actions;
  };

  it('keeps no idle runner; jobs that were begun there go on', () => {
    expect(at('ann/open')).toMatchObject([{ do: 'fence', why: 'It is public.', now: false }]);
    expect(at('ann/app')).toEqual([]);
    expect(at('ann/open', {}, { worker: 'running' })).toEqual([]);
  });

  it('takes the labels of one that persists while its job goes on', () => {
    const manual = makePoolState({ forge: 'github', scope: 'ann/open', mode: 'manual', min: 1 }, { closed });
    const o = github({ scope: 'ann/open', idleSince: t0 }, { worker: 'running' });
    expect(did({ pools: [manual], observations: [o] })).toEqual(['fence']);
  });
});
