import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../../contract/problem.ts';
import { requestBudget, type Settle } from './budget.ts';

const hourMs = 3_600_000;

/** What an owner of tokens might do: wait, ask, hear the answers, restart, set the clock. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('ask' as const), times: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 900_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const), unchanged: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock-back' as const) }) },
);

describe('requestBudget', () => {
  it('never lets polls that count exceed a fifth of the limit in any hour, nor 200 in any minute, restarts or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(60, 1000, 5000), (steps, limit) => {
        /** Steady time; the wall clock may be set back. */
        let time = 0;
        let back = 0;
        let saved: unknown = null;
        const open = () =>
          requestBudget({
            now: () => 1e12 + time - back,
            load: () => structuredClone(saved),
            save: (state) => (saved = structuredClone(state)),
          });
        let budget = open();
        budget.learn('me', limit);
        let waiting: { settle: Settle; sent: { at: number; counted: boolean } }[] = [];
        const all: { at: number; counted: boolean }[] = [];
        for (const one of steps) {
          if (one.do === 'wait') time += one.ms;
          if (one.do === 'clock-back') back += 1000;
          if (one.do === 'restart') {
            budget = open();
            waiting = [];
          }
          if (one.do === 'hear') {
            for (const { settle, sent } of waiting) {
              sent.counted = !one.unchanged;
              settle(sent.counted);
            }
            waiting = [];
          }
          for (let asked = 0; one.do === 'ask' && asked < one.times; asked += 1) {
            try {
              const sent = { at: time, counted: true };
              waiting.push({ settle: budget.admit('me', 'poll'), sent });
              all.push(sent);
            } catch {
              break;
            }
          }
        }
        for (const { at } of all) {
          const hour = all.filter((sent) => sent.counted && sent.at >= at && sent.at < at + hourMs);
          const minute = all.filter((sent) => sent.at >= at && sent.at < at + 60_000);
          expect(hour.length).toBeLessThanOrEqual(limit * 0.2);
          expect(minute.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 60 },
    );
  });

  const at = (start: number) => {
    let now = start;
    const budget = requestBudget({ now: () => now, load: () => null, save: () => undefined });
    return { budget, wait: (ms: number) => (now += ms), time: () => now };
  };
  const refusal = (ask: () => unknown) => {
    try {
      ask();
    } catch (thrown) {
      return problemOf(thrown);
    }
    throw new Error('was admitted');
  };

  it('says when it may ask again, and may then', () => {
    const { budget, wait, time } = at(5000);
    while (budget.left('me').now > 0) budget.admit('me', 'poll');
    const { code, retryAt = 0 } = refusal(() => budget.admit('me', 'poll'));
    expect(code).toBe('rate-limited');
    wait(retryAt - time());
    budget.admit('me', 'poll')(true);
    expect(() => budget.admit('me', 'must')).not.toThrow();
  });

  it('lets one account use it up without the others', () => {
    const { budget, wait } = at(0);
    budget.learn('a', 100);
    for (let sent = 0; sent < 5; sent += 1) budget.admit('a', 'poll')(true);
    expect(refusal(() => budget.admit('a', 'poll')).message).toContain('a fifth of its limit');
    wait(1);
    expect(() => budget.admit('b', 'poll')).not.toThrow();
  });

  it('what is unchanged costs nothing of the hour', () => {
    const { budget, wait } = at(0);
    for (let sent = 0; sent < 3000; sent += 1) {
      budget.admit('me', 'poll')(false);
      wait(400);
    }
    expect(budget.left('me').now).toBeGreaterThan(40);
  });

  it('remembers a pause of the forge over a restart, and takes nonsense for nothing', () => {
    let saved: unknown = null;
    const open = () =>
      requestBudget({
        now: () => 1000,
        load: () => saved,
        save: (state) => (saved = structuredClone(state)),
      });
    open().pause('me', 61_000, 'all');
    expect(refusal(() => open().admit('me', 'must')).retryAt).toBe(61_000);
    saved = { version: 7 };
    expect(() => open().admit('me', 'poll')).not.toThrow();
  });
});
