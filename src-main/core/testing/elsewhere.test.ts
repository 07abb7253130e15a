/** The promises of the design at a forge whose agents wait for jobs. HOMERUNNER_WORLDS raises the number of worlds. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calmDown, isTaken, play, scenario, worldOf } from './elsewhere.test-kit.ts';
import { run } from './world-loop.ts';

const worlds = Number(process.env['HOMERUNNER_WORLDS'] ?? 20);
const seed = Number(process.env['HOMERUNNER_SEED'] ?? 1);
const hour = 3_600_000;

describe('in random worlds of a forge elsewhere', () => {
  it(
    'nothing that works or may work is ended, each job that is taken starts once, none is left, and all comes to rest',
    () => {
      fc.assert(
        fc.property(scenario, (s) => {
          const w = worldOf(s);
          play(w, s);
          calmDown(w);
          run(w, w.now + 2 * hour);
          expect(w.broken).toEqual([]);
          expect(w.turns).toBeLessThan(8000);
          const jobs = [...w.jobs.values()];
          expect(jobs.filter((job) => isTaken(w, job) && job.outcomes.length !== 1)).toEqual([]);
          expect(jobs.filter((job) => job.outcomes.length > 1 || job.starts > 1)).toEqual([]);
          expect([...w.registrations.keys()].filter((name) => !w.journal.has(name))).toEqual([]);
          const before = w.done.length;
          run(w, w.now + hour / 2);
          expect(
            w.done.slice(before).map(({ action }) => `${action.do} ${action.key}: ${action.why}`),
          ).toEqual([]);
        }),
        { numRuns: worlds, seed, endOnFailure: false },
      );
    },
    Math.max(60_000, 3000 * worlds),
  );
});
