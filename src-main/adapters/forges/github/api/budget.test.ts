import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../../contract/problem.ts';
import { requestBudget, type Settle } from './budget.ts';

const hourMs = 3_600_000;

/** What an owner of tokens might do: wait, ask, hear the answers, restart, set the clock. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      urgency: fc.constantFrom('poll' as const, 'must' as const),
      times: fc.integer({ min: 1, max: 400 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 900_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const), unchanged: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock-back' as const) }) },
);

interface Sent {
  readonly at: number;
  readonly urgency: 'poll' | 'must';
  counted: boolean;
}

/** A budget in a world whose time a test moves on. */
class Owner {
  time = 0;
  #back = 0;
  #saved: unknown = null;
  #waiting: { settle: Settle; sent: Sent }[] = [];
  readonly sent: Sent[] = [];
  budget = this.#open();

  #open() {
    return requestBudget({
      now: () => 1e12 + this.time - this.#back,
      load: () => structuredClone(this.#saved),
      save: (state) => (this.#saved = structuredClone(state)),
    });
  }

  /** False: it has to wait. */
  ask(urgency: 'poll' | 'must'): boolean {
    try {
      const sent = { at: this.time, urgency, counted: true };
      this.#waiting.push({ settle: this.budget.admit('me', urgency), sent });
      this.sent.push(sent);
      return true;
    } catch {
      return false;
    }
  }

  do(one: typeof step extends fc.Arbitrary<infer Step> ? Step : never): void {
    if (one.do === 'wait') this.time += one.ms;
    if (one.do === 'clock-back') this.#back += 1000;
    if (one.do === 'restart') {
      this.budget = this.#open();
      this.#waiting = [];
    }
    if (one.do === 'hear') {
      for (const { settle, sent } of this.#waiting) {
        sent.counted = !one.unchanged;
        settle(sent.counted);
      }
      this.#waiting = [];
    }
    for (let asked = 0; one.do === 'ask' && asked < one.times; asked += 1) if (!this.ask(one.urgency)) break;
  }
}

/** The most in any period: polls, and polls that were let go although `most` had been asked in the period before. */
function worst(all: readonly Sent[], periodMs: number, most: number) {
  const found = { all: 0, polls: 0, beyond: 0 };
  const now = { polls: 0, beyond: 0 };
  const isBeyond: boolean[] = [];
  let from = 0;
  all.forEach(({ at, urgency }, index) => {
    for (; (all[from]?.at ?? at) <= at - periodMs; from += 1) {
      if (all[from]?.urgency === 'poll') now.polls -= 1;
      if (isBeyond[from] === true) now.beyond -= 1;
    }
    const isPoll = urgency === 'poll';
    isBeyond[index] = isPoll && index - from + 1 > most;
    if (isPoll) now.polls += 1;
    if (isBeyond[index]) now.beyond += 1;
    found.all = Math.max(found.all, index - from + 1);
    found.polls = Math.max(found.polls, now.polls);
    found.beyond = Math.max(found.beyond, now.beyond);
  });
  return found;
}

describe('requestBudget', () => {
  it('lets no poll lift any minute over 200, nor any hour over a fifth, but the few of their own; restarts or not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(60, 1000, 5000), (steps, limit) => {
        const owner = new Owner();
        owner.budget.learn('me', limit);
        for (const one of steps) owner.do(one);
        const share = Math.floor(limit * 0.2);
        const bounds = [
          { periodMs: 60_000, all: owner.sent, most: 200, own: 120 },
          { periodMs: hourMs, all: owner.sent.filter(({ counted }) => counted), most: share, own: share / 5 },
        ];
        for (const { periodMs, all, most, own } of bounds) {
          const { polls, beyond } = worst(all, periodMs, most);
          // Polls alone never do it, and musts alone may.
          expect(polls).toBeLessThanOrEqual(most);
          expect(beyond).toBeLessThanOrEqual(own);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never refuses what must be asked, and polls are back within a minute, however many there were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 20 }), (aMinute, minutes) => {
        const owner = new Owner();
        for (let minute = 0; minute < minutes; minute += 1) {
          let asked = 0;
          while (asked < aMinute && owner.ask('must')) asked += 1;
          expect(asked).toBe(aMinute);
          owner.time += 60_000;
          owner.do({ do: 'hear', unchanged: false });
          // They go on all the time: of each hour some are theirs alone.
          expect(owner.ask('poll')).toBe(true);
        }
        let came = 0;
        for (let second = 0; second < 60; second += 1) {
          owner.time += 1000;
          while (owner.ask('poll')) came += 1;
          owner.do({ do: 'hear', unchanged: false });
        }
        expect(came).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves polls their part, whatever must be asked, and however often it is started anew', () => {
    const owner = new Owner();
    owner.budget.learn('me', 100_000);
    for (let second = 0; second < 300; second += 1) {
      owner.time += 1000;
      for (let asked = 0; asked < 6; asked += 1) owner.ask('must');
      if (second % 10 === 9) owner.do({ do: 'restart' });
      // A look at a repository with some runs takes several requests, and asks only where there is room for them all.
      if (owner.budget.left('me').requests >= 12)
        for (let asked = 0; asked < 8; asked += 1) owner.ask('poll');
    }
    const polls = owner.sent.filter(({ urgency, at }) => urgency === 'poll' && at > 60_000);
    expect(polls.length / 4).toBeGreaterThanOrEqual(60);
  });

  it('keeps a burst of registrations within 200 a minute while polls ask as much as they may', () => {
    const owner = new Owner();
    for (let second = 0; second < 600; second += 1) {
      owner.time += 1000;
      while (owner.ask('poll'));
      // Sixteen at once each 40 s: the matrix of a workflow.
      if (second % 40 === 0) for (let asked = 0; asked < 16; asked += 1) owner.ask('must');
    }
    expect(worst(owner.sent, 60_000, 200).all).toBeLessThanOrEqual(200);
  });

  const at = (start: number) => {
    let now = start;
    const budget = requestBudget({ now: () => now, load: () => null, save: () => undefined });
    return { budget, wait: (ms: number) => (now += ms), time: () => now };
  };
  const isAdmitted = (budget: ReturnType<typeof requestBudget>, account = 'me') => {
    try {
      budget.admit(account, 'poll')(true);
      return true;
    } catch {
      return false;
    }
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
    for (let some = budget.left('me'); some.requests > 0 && some.counted > 0; some = budget.left('me'))
      budget.admit('me', 'poll');
    while (isAdmitted(budget)) wait(0);
    const { code, retryAt = 0 } = refusal(() => budget.admit('me', 'poll'));
    expect(code).toBe('rate-limited');
    wait(retryAt - time());
    budget.admit('me', 'poll')(true);
    expect(() => budget.admit('me', 'must')).not.toThrow();
  });

  it('has a wide limit from the first answer that tells it, and no more of it however often it changes', () => {
    const { budget } = at(0);
    budget.admit('me', 'must')(true);
    budget.learn('me', 50_000);
    const { counted, mostCounted } = budget.left('me');
    expect([counted, mostCounted]).toEqual([1165, 1166]);
    for (const limit of [100, 50_000]) budget.learn('me', limit);
    expect(budget.left('me').counted).toBeLessThan(20);
  });

  it('lets one account use it up without the others', () => {
    const { budget, wait } = at(0);
    budget.learn('a', 100);
    while (isAdmitted(budget, 'a')) wait(0);
    expect(refusal(() => budget.admit('a', 'poll')).message).toContain('a fifth of its hourly limit');
    wait(1);
    expect(() => budget.admit('b', 'poll')).not.toThrow();
  });

  it('what is unchanged costs nothing of the hour', () => {
    const { budget, wait } = at(0);
    for (let sent = 0; sent < 3000; sent += 1) {
      budget.admit('me', 'poll')(false);
      wait(600);
    }
    expect(budget.left('me').counted).toBeGreaterThan(60);
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
