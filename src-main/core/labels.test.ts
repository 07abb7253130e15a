import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelsOf, labelsOfPool, matches, normalise } from './labels.ts';

const host = { os: 'linux', arch: 'x64', labels: ['self-hosted', 'linux', 'x64'] } as const;

test('a host offers self-hosted, its system and its architecture', () => {
  expect(labelsOf(host)).toEqual(host.labels);
  expect(labelsOf({ os: 'macos', arch: 'arm64' })).toEqual(['self-hosted', 'macos', 'arm64']);
});

test('a pool carries the labels of the host and its own, each once', () => {
  const pool = { arch: 'x64', size: 'standard', labels: ['Fast', 'linux'] } as const;
  expect(labelsOfPool({ ...pool, labels: [...pool.labels] }, host)).toEqual([...host.labels, 'fast']);
});

test('large pools and foreign architectures leave the general labels out', () => {
  expect(labelsOfPool({ arch: 'x64', size: 'large', labels: ['mine'] }, host)).toEqual(['large', 'mine']);
  expect(labelsOfPool({ arch: 'arm64', size: 'standard', labels: ['mine'] }, host)).toEqual(['mine']);
});

test.each([
  [[], 'x64', true],
  [['linux'], 'x64', true],
  [['Self-Hosted', ' LINUX ', 'X64'], 'x64', true],
  [['linux', 'gpu'], 'x64', false],
  [[], 'arm64', false],
  [['linux'], 'arm64', false],
] as const)('a job with %j for %s: %s', (labels, arch, taken) => {
  expect(matches(labels, arch, host.labels, 'x64')).toBe(taken);
});

const labels = fc.array(fc.stringMatching(/^[a-zA-Z0-9-]{1,8}$/), { maxLength: 6 });

test('more labels at the runner never lose a job, and more at the job never win one', () => {
  fc.assert(
    fc.property(labels, labels, labels, (job, offered, more) => {
      if (matches(job, 'x64', offered, 'x64'))
        expect(matches(job, 'x64', [...more, ...offered], 'x64')).toBe(true);
      if (!matches(job, 'x64', offered, 'x64'))
        expect(matches([...job, ...more], 'x64', offered, 'x64')).toBe(false);
    }),
  );
});

test('normalising twice changes nothing', () => {
  fc.assert(fc.property(fc.string(), (label) => normalise(normalise(label)) === normalise(label)));
});
