import { describe, expect, it } from 'vitest';
import { problem } from '../contract/problem.ts';
import { phases } from '../contract/snapshot.ts';
import { phaseOf, phaseRules, provenIdle } from './phase.ts';
import {
  jobAgent,
  makeForgeJob,
  makeForgeRunner,
  makeInstance,
  makeRecord,
  observe,
  t0,
  waitingAgent,
} from './testing/make.ts';
import type { Observation, RunnerRecord } from './runner.ts';

const minute = 60_000;
const failure = { problem: problem('unexpected', 'It broke.', 'Look.').problem, at: t0 };
const ending = { why: 'Paused.', now: false, at: t0 };
const running = makeInstance();
const ended = makeInstance({ state: 'ended' });
const busyAtForge = makeForgeRunner({ busy: true, job: makeForgeJob() });
const leftJob = { id: 'j', name: 'build', url: null, startedAt: t0 };
const offline = { instance: running, forge: makeForgeRunner({ online: false }), offlineSince: t0 };

const phase = (
  record: Partial<RunnerRecord> | null,
  more: Partial<Observation> = {},
  agent = jobAgent.agent,
  at = t0,
): string => phaseOf(observe(record === null ? null : makeRecord(record), more), at, agent).phase;
const waiting = (record: Partial<RunnerRecord>, more: Partial<Observation> = {}, at = t0): string =>
  phase(record, more, waitingAgent.agent, at);

describe('phaseOf', () => {
  it.each([
    ['planned', phase({ registration: null, notBefore: t0 + 1 })],
    ['registering', phase({ registration: null })],
    ['preparing', phase({ preparedAt: null })],
    ['idle', phase({})],
    ['busy', phase({ job: 'j' })],
    ['busy', phase({}, { worker: 'running' })],
    ['busy', phase({}, { forge: busyAtForge })],
    ['draining', phase({ job: 'j', ending })],
    ['removing', phase({ ending })],
    ['removing', phase({ removedAt: t0 })],
    ['removing', phase({ oneJob: true, jobsDone: 1 })],
    ['failed', phase({ registration: null, failure })],
    ['busy', phase({ job: 'j', failure })],
    ['starting', waiting({ idleSince: null })],
    ['starting', waiting({ idleSince: null }, { instance: ended })],
    ['starting', waiting({ idleSince: null }, { instance: running, forge: 'unknown' })],
    ['starting', waiting({ startedAt: null, idleSince: null }, { forge: busyAtForge })],
    ['idle', waiting({ idleSince: null }, { instance: running })],
    ['idle', waiting({}, { instance: running, forge: 'unknown' })],
    ['draining', waiting({ ending }, { instance: running })],
    ['removing', waiting({ ending }, { instance: ended })],
    ['removing', waiting({ oneJob: true }, { instance: ended })],
    ['removing', waiting({ oneJob: true }, { instance: ended, told: leftJob })],
    ['starting', waiting({}, { instance: ended, told: leftJob })],
    ['stuck', waiting({}, offline, t0 + 5 * minute)],
    ['idle', waiting({}, offline, t0 + 5 * minute - 1)],
    ['busy', waiting({}, { ...offline, worker: 'running' }, t0 + 5 * minute)],
    ['idle', waiting({}, { ...offline, worker: 'unknown' }, t0 + 5 * minute)],
    ['preparing', waiting({ preparedAt: null }, { ...offline, instance: null }, t0 + 50 * minute)],
    ['stuck', waiting({}, { instance: running, phantomJobSince: t0 }, t0 + 10 * minute)],
    ['busy', waiting({}, { instance: running, phantomJobSince: t0, forge: busyAtForge }, t0 + 10 * minute)],
    ['gone', phase(null, { forge: 'absent' })],
    ['gone', phase(null, { forge: 'unknown' })],
    ['removing', phase(null)],
    ['busy', phase(null, { instance: running })],
  ])('%s', (expected, found) => {
    expect(found).toBe(expected);
  });

  it('has a rule for every phase, each told in words of its own', () => {
    const told = new Set(phaseRules.map((rule) => rule.phase));
    expect(phases.filter((p) => !told.has(p))).toEqual(['gone']);
    expect(new Set(phaseRules.map((rule) => rule.when)).size).toBe(phaseRules.length);
    expect(phaseRules.filter(({ when }) => /^[A-Z]|\.$|\|/.test(when))).toEqual([]);
  });

  it('says why in a sentence', () => {
    const record = makeRecord({ job: 'j', ending });
    expect(phaseOf(observe(record), t0, jobAgent.agent).why).toBe('Finishing its job, then it ends: Paused.');
    expect(phaseOf(observe(makeRecord(), { forge: busyAtForge }), t0, jobAgent.agent).why).toBe(
      'Works on make test.',
    );
  });
});

describe('provenIdle', () => {
  it.each([
    [true, {}],
    [true, { forge: 'absent' }],
    [false, { forge: 'unknown' }],
    [false, { forge: busyAtForge }],
    [false, { worker: 'running' }],
    [false, { worker: 'unknown' }],
    [false, { worker: 'unavailable' }],
  ] as const)('%s for %o', (expected, more) => {
    expect(provenIdle(observe(makeRecord(), more))).toBe(expected);
  });

  it('is false while its running agent tells of a job, whatever worker and forge say', () => {
    const told = { id: 'j', name: 'build', url: null, startedAt: t0 };
    expect(provenIdle(observe(makeRecord(), { told, instance: running }))).toBe(false);
  });

  it('is false while the journal holds a job', () => {
    expect(provenIdle(observe(makeRecord({ job: 'j' })))).toBe(false);
  });
});
