import { describe, expect, test } from 'vitest';
import { speechOf } from '../texts/speech.ts';
import { aPool, aRunner } from './model.test-kit.ts';
import { draftOf, editOf, effectOf, errorsOf, numberOf } from './pool-form.ts';

const english = speechOf('en', 'en-GB');

describe('the form of a pool', () => {
  const own = { cores: 1, memoryMiB: 2048 };
  test('an untouched form changes nothing', () => {
    for (const pool of [
      aPool({}),
      aPool({ cores: 0.5, memoryMiB: 512 }),
      aPool({ labels: ['gpu', 'x'], weight: 1.5 }),
    ])
      expect(editOf(draftOf(pool, own), pool)).toEqual({});
  });
  test('only what was changed is sent', () => {
    const pool = aPool({});
    expect(editOf({ ...draftOf(pool, own), max: '7', labels: ' Fast  fast ' }, pool)).toEqual({
      max: 7,
      labels: ['fast'],
    });
    expect(editOf({ ...draftOf(pool, own), size: 'own', cores: '0,5', memoryMiB: '512' }, pool)).toEqual({
      cores: 0.5,
      memoryMiB: 512,
    });
  });
  test.each([
    ['max', '0'],
    ['max', '1.5'],
    ['weight', 'x'],
    ['idleTimeoutSeconds', '-1'],
    ['labels', 'a,b'],
    ['min', ''],
  ] as const)('%s of %j is wrong', (field, value) => {
    expect(errorsOf({ ...draftOf(null, own), [field]: value }, english)).toHaveProperty(field);
  });
  test('numbers of a size that is not chosen are not looked at', () => {
    expect(errorsOf({ ...draftOf(null, own), cores: 'nonsense' }, english)).toEqual({});
  });
  test('numbers are read with a point or a comma, and nothing else', () => {
    expect(['1', '1.5', '1,5', ' 2 ', '1e3', '', '-1', '1.'].map(numberOf)).toEqual([
      1,
      1.5,
      1.5,
      2,
      null,
      null,
      null,
      null,
    ]);
  });
  test('it says what becomes of the runners', () => {
    const pool = aPool({ mode: 'manual' });
    const runners = [
      aRunner({ phase: 'idle' }),
      aRunner({ phase: 'busy' }),
      aRunner({ phase: 'idle', pool: 'other' }),
    ];
    expect(effectOf({ labels: ['x'] }, pool, runners)).toEqual({ replaced: 1, jobs: 1, untouched: false });
    expect(effectOf({ max: 3 }, pool, runners)).toEqual({ replaced: 0, jobs: 0, untouched: true });
    expect(effectOf({ mode: 'auto' }, pool, runners)).toEqual({ replaced: 0, jobs: 0, untouched: true });
    expect(effectOf({ mode: 'ephemeral' }, pool, runners)).toEqual({
      replaced: 1,
      jobs: 1,
      untouched: false,
    });
    expect(effectOf({ labels: ['x'] }, pool, [])).toEqual({ replaced: 0, jobs: 0, untouched: false });
  });
});
