/** The judge of the chaos with GitHub, of jobs whose agent was killed: who was left to tell decides what is right. */
import { expect, it } from 'vitest';
import type { KilledAgent, Part } from '../chaos/github/agents.ts';
import { began, type Case, ended, failed, failure, lost, told } from './chaos-kit.ts';

const at = (part: Part, time: number): KilledAgent => ({ runner: 'hr-1-person-a', part, at: time });
const silent = { job: { ...failure, completedAt: 80_000 }, missed: true, code: null } as const;
const dead = { ...silent, row: lost, log: began };

it.each<[string, Case]>([
  [
    'worker was killed, and its listener told',
    { job: failure, row: failed, code: null, kills: [at('worker', 19_000)], log: ended('Failed') },
  ],
  ['worker and listener were killed at once', { ...dead, kills: [at('both', 19_000)] }],
  [
    'worker and listener were killed one after the other',
    { ...dead, kills: [at('listener', 15_000), at('worker', 19_000)] },
  ],
  [
    // Seen with seed 72: the listener was killed before it was handed the job, and another took its place.
    'worker was killed, and the listener before it told of that',
    {
      job: failure,
      row: failed,
      code: null,
      kills: [at('listener', 9990), at('worker', 19_990)],
      log: ended('Failed'),
    },
  ],
  [
    'listener was killed, and its worker failed by itself',
    { job: failure, row: failed, code: 1, kills: [at('listener', 15_000)], log: began },
  ],
  [
    'listener was killed, and its worker succeeded by itself',
    { kills: [at('listener', 15_000)], log: began },
  ],
  [
    'worker was killed as it told GitHub: failed',
    { job: failure, row: failed, code: 1, kills: [at('both', 19_990)], log: began },
  ],
  [
    'worker was killed as it told GitHub: lost',
    { job: failure, row: lost, code: 1, kills: [at('both', 19_990)], log: began },
  ],
  [
    'listener was killed before it told its worker',
    { ...dead, code: 'nothing', kills: [at('listener', 10_100)] },
  ],
  [
    'listener was killed before it began',
    { ...dead, code: 'nothing', begun: 0, row: null, kills: [at('listener', 9000)] },
  ],
  [
    'listener was killed as it began',
    { ...dead, code: 'nothing', begun: 0, kills: [at('listener', 10_010)] },
  ],
  ['runner was ended at once', { ...dead, atOnce: [at('both', 19_000)] }],
  [
    'runner was ended at once, and said so',
    {
      job: failure,
      row: { state: 'cancelled' },
      code: null,
      atOnce: [at('both', 19_000)],
      log: ended('Canceled'),
    },
  ],
  [
    'runner was ended at once, and never began it',
    { ...dead, code: 'nothing', begun: 0, row: null, atOnce: [at('both', 9000)] },
  ],
])('whose %s is no violation', (_what, wish) => {
  expect(told(wish)).toEqual([]);
});

it.each<[string, Case, RegExp]>([
  [
    'was told to have failed, and is called lost',
    { ...dead, kills: [at('both', 19_000)], log: ended('Failed') },
    /told Failed.* it is lost/,
  ],
  [
    'failed by another line of a log',
    {
      ...dead,
      row: failed,
      kills: [at('both', 19_000)],
      log: `${began}Job k1 completed with result: Failed k2\nJob k10 completed with result: Failed\n`,
    },
    /it is failed in the history/,
  ],
  [
    'was told before it began once more',
    { ...dead, row: failed, kills: [at('both', 19_000)], log: ended('Failed') + began },
    /told nothing.* it is failed/,
  ],
  [
    'failed by nobody’s word',
    { ...dead, row: failed, kills: [at('both', 19_000)] },
    /missed it, and it is failed/,
  ],
  [
    'was lost though its listener lived',
    { ...dead, kills: [at('worker', 19_000)] },
    /killed: worker.* it is lost/,
  ],
  [
    'was lost though its worker lived',
    { job: failure, row: lost, code: 1, kills: [at('listener', 15_000)], log: began },
    /killed: listener.* was told, and it is lost/,
  ],
  [
    'was missed though its worker lived',
    { ...dead, kills: [at('listener', 15_000)] },
    /killed: listener.* missed it/,
  ],
  [
    'was lost long after its kill',
    {
      job: { ...failure, completedAt: 25_000 },
      row: lost,
      code: 1,
      kills: [at('both', 19_000)],
      log: began,
    },
    /was told, and it is lost/,
  ],
  [
    'was killed in its turn before this one',
    { ...dead, kills: [at('both', 7000)] },
    /failure at GitHub and lost/,
  ],
  [
    'was killed in its turn after this one',
    { ...dead, kills: [at('both', 82_000)] },
    /failure at GitHub and lost/,
  ],
  [
    'was killed at another runner',
    { ...dead, kills: [{ ...at('both', 19_000), runner: 'hr-1-person-b' }] },
    /failure at GitHub and lost/,
  ],
  [
    'succeeded, and is called lost',
    { row: lost, kills: [at('both', 19_000)], log: began },
    /success at GitHub and lost/,
  ],
  [
    'is not in the history, though its agent told of it',
    { ...dead, row: null, code: 'nothing', kills: [at('both', 10_100)] },
    /the history does not know it/,
  ],
  [
    'was never begun, and only its worker was killed',
    { ...dead, row: null, code: 'nothing', begun: 0, kills: [at('worker', 10_100)] },
    /nobody ran it/,
  ],
  [
    'was never begun, and yet GitHub was told of its end',
    { ...dead, missed: false, row: null, code: 'nothing', begun: 0, kills: [at('both', 10_100)] },
    /nobody ran it/,
  ],
  ['has no log', { ...dead, kills: [at('both', 19_000)], log: null }, /its last lines are not kept/],
  [
    'has another job’s log',
    { ...dead, kills: [at('both', 19_000)], log: '2026-11-30 14:03:34Z: Running job: k10\n' },
    /its last lines are not kept/,
  ],
  [
    'has no word of what to do',
    { ...dead, row: { ...lost, result: 'Its agent was gone.' }, kills: [at('both', 19_000)] },
    /nothing is said of running it again/,
  ],
  [
    'is still running',
    { ...dead, row: { state: 'running', endedAt: null }, kills: [at('both', 19_000)] },
    /still running/,
  ],
  [
    'was ended at once and is still running',
    { ...dead, row: { state: 'running', endedAt: null }, atOnce: [at('both', 19_000)] },
    /still running/,
  ],
  [
    'was ended at once after it succeeded',
    { job: failure, code: null, atOnce: [at('both', 19_000)], log: ended('Canceled') },
    /ended at once, its agent told Canceled/,
  ],
  [
    'was ended at once, failed by its agent, and is a success at GitHub',
    { row: failed, atOnce: [at('both', 19_000)], log: ended('Failed') },
    /ended at once, its agent told Failed: it is success/,
  ],
  [
    'was ended at once, told that it failed, and is called lost',
    { ...dead, atOnce: [at('both', 19_000)], log: ended('Failed') },
    /ended at once, its agent told Failed/,
  ],
  [
    'was over before its runner was ended at once',
    { ...dead, atOnce: [at('both', 80_001)] },
    /failure at GitHub and lost/,
  ],
])('that %s is told', (_what, wish, sentence) => {
  expect(told(wish).join('\n')).toMatch(sentence);
});
