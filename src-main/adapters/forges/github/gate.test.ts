import { beforeEach, describe, expect, it } from 'vitest';
import type { Light } from '../../../contract/commands.ts';
import { makePool } from '../../../core/testing/make.ts';
import { type Gate, gate } from './gate.ts';

const minute = 60_000;
const good: Light = {
  ...{ name: 'public', ok: true, message: 'It is private.', hint: null, link: null, blocks: false },
};
const bad: Light = { ...good, ok: false, blocks: true, message: 'It is public.', hint: 'Make it private.' };
const pool = makePool({ forge: 'github', scope: 'ann/app', account: 'ann' });

let now: number;
let asked: number;
let answer: () => Promise<readonly Light[]>;
let kept: unknown;
let door: Gate;

/** As a supervisor that has just started: what monotonic clock it has says nothing of the time before. */
const open = (wallClock = () => 1_700_000_000_000 + now): Gate =>
  gate({
    check: () => {
      asked += 1;
      return answer();
    },
    clock: { now: wallClock, monotonic: () => now },
    load: () => kept,
    save: (passed) => (kept = structuredClone(passed)),
  });

beforeEach(() => {
  [now, asked] = [0, 0];
  answer = () => Promise.resolve([good]);
  kept = null;
  door = open();
});

const refused = (message: string) => ({ problem: { code: 'refused-by-policy', message, subject: 'p' } });

describe('the gate', () => {
  it('asks before the first registration and then every 5 minutes', async () => {
    await door.pass(pool);
    now = 5 * minute - 1;
    await door.pass(pool);
    expect(asked).toBe(1);
    now = 5 * minute;
    await door.pass(pool);
    expect(asked).toBe(2);
  });

  it('asks anew for each change of the pool, and for each pool of its own', async () => {
    await door.pass(pool);
    await door.pass({ ...pool, labels: ['gpu'] });
    await door.pass({ ...pool, id: 'q' });
    expect(asked).toBe(3);
  });

  it('stays shut where a light blocks, with its sentence and its link, and is asked again soon', async () => {
    answer = () => Promise.resolve([good, { ...bad, link: 'https://github.com/ann/app/settings' }]);
    const first = door.pass(pool);
    await expect(first).rejects.toMatchObject(refused('It is public.'));
    await expect(first).rejects.toMatchObject({
      problem: { hint: 'Make it private.', link: 'https://github.com/ann/app/settings' },
    });
    now = 4999;
    await expect(door.pass(pool)).rejects.toMatchObject(refused('It is public.'));
    expect(asked).toBe(1);
    answer = () => Promise.resolve([good]);
    now = 5000;
    await door.pass(pool);
    expect(asked).toBe(2);
  });

  it('lets what is only worth a warning pass', async () => {
    answer = () => Promise.resolve([{ ...bad, blocks: false }]);
    await door.pass(pool);
  });

  it('stays shut where it cannot be asked, whatever was true before', async () => {
    await door.pass(pool);
    now = 5 * minute;
    answer = () => Promise.reject(new Error('no answer'));
    await expect(door.pass(pool)).rejects.toThrow('no answer');
    await expect(door.pass(pool)).rejects.toThrow('no answer');
    expect(asked).toBe(3);
  });

  it('asks once for all who ask at the same time', async () => {
    let told: (lights: readonly Light[]) => void = () => undefined;
    answer = () => new Promise((resolve) => (told = resolve));
    const all = [door.pass(pool), door.pass(pool), door.lights(pool)];
    told([good]);
    await Promise.all(all);
    expect(asked).toBe(1);
  });

  it('asks anew after a sleep, in which the monotonic clock stood still', async () => {
    let slept = 0;
    door = open(() => 1_700_000_000_000 + now + slept);
    await door.pass(pool);
    slept = 8 * 60 * minute;
    await door.pass(pool);
    expect(asked).toBe(2);
  });

  it('goes by what was told of the pool as it is, not of what it has become meanwhile', async () => {
    const answers: ((lights: readonly Light[]) => void)[] = [];
    answer = () => new Promise((resolve) => answers.push(resolve));
    const first = door.pass(pool);
    const edited = door.pass({ ...pool, labels: ['gpu'] });
    answers[0]?.([bad]);
    answers[1]?.([good]);
    await expect(first).rejects.toMatchObject(refused('It is public.'));
    await edited;
  });

  it('learns from a look that a person asked for', async () => {
    await door.pass(pool);
    answer = () => Promise.resolve([bad]);
    expect(await door.lights(pool)).toEqual([bad]);
    await expect(door.pass(pool)).rejects.toMatchObject(refused('It is public.'));
  });

  it('remembers over a restart that all was good, and for no longer than without one', async () => {
    await door.pass(pool);
    now = 4 * minute;
    await open().pass(pool);
    expect(asked).toBe(1);
    await open().pass({ ...pool, labels: ['gpu'] });
    expect(asked).toBe(2);
    now = 5 * minute;
    await open().pass(pool);
    expect(asked).toBe(3);
  });

  it('asks after a restart where something had blocked since, or the clock was set back', async () => {
    await door.pass(pool);
    await open(() => 1_600_000_000_000).pass(pool);
    expect(asked).toBe(2);
    answer = () => Promise.resolve([bad]);
    await door.lights(pool);
    await expect(open().pass(pool)).rejects.toMatchObject(refused('It is public.'));
  });

  it.each([['nonsense'], [[null, 1, { key: 3 }]], [{ at: 1 }]])('takes %j for nothing', async (value) => {
    kept = value;
    await open().pass(pool);
    expect(asked).toBe(1);
  });
});
