import { expect, test } from 'vitest';
import { problemCodes } from '../contract/problem.ts';
import { exitCodeOf } from './exit-code.ts';
import { jobExitCode } from './follow.ts';

test('each problem has one of the five exit codes', () => {
  const by = (code: number) => problemCodes.filter((problem) => exitCodeOf(problem) === code);
  expect(by(0)).toEqual([]);
  expect(by(2)).toEqual(['usage', 'no-matching-pool', 'not-a-repository']);
  expect(by(3)).toEqual(['no-supervisor']);
  expect(by(4)).toEqual(['refused-by-policy', 'paused']);
  expect(by(1)).toHaveLength(problemCodes.length - 6);
});

test('a job’s own code is ours', () => {
  expect(jobExitCode({ state: 'succeeded', exitCode: 0 })).toBe(0);
  expect(jobExitCode({ state: 'failed', exitCode: 7 })).toBe(7);
  expect(jobExitCode({ state: 'failed', exitCode: 137 })).toBe(137);
  expect(jobExitCode({ state: 'cancelled', exitCode: 143 })).toBe(130);
  expect(jobExitCode({ state: 'lost', exitCode: null })).toBe(125);
  // A failure is never success, whatever was written down.
  expect(jobExitCode({ state: 'failed', exitCode: null })).toBe(1);
  expect(jobExitCode({ state: 'failed', exitCode: 0 })).toBe(1);
});
