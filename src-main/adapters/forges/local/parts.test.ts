import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobRow } from '../../../core/ports.ts';
import { allowed } from '../../os/clean-env.ts';
import { newQueue } from './demand.ts';
import { copyTree, noRules, removeTree } from './files.ts';
import { masksOf } from './job-env.ts';
import { attemptId, firstAttempt, jobIds, jobName } from './job-id.ts';
import { section } from './owner-config.ts';
import { git } from './world.test-kit.ts';

describe('job ids', () => {
  it('are short, lower-case, unique, and sorted in the order in which they were made, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: Date.UTC(2020), max: Date.UTC(2050) }), { minLength: 2, maxLength: 50 }),
        (times) => {
          let n = 0;
          const next = jobIds(
            () => times[n++] ?? 0,
            () => 0.999_999,
            () => false,
          );
          const ids = times.map(() => next());
          expect([...ids].sort()).toEqual(ids);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of ids) expect(id).toMatch(/^[0-9a-z]{10}$/);
        },
      ),
    );
  });

  it('are never taken twice', () => {
    const taken = new Set<string>();
    const make = () =>
      jobIds(
        () => Date.UTC(2026),
        () => 0,
        (id) => taken.has(id),
      )();
    for (let n = 0; n < 5; n += 1) taken.add(make());
    expect(taken.size).toBe(5);
  });

  it('say which attempt it is', () => {
    expect([attemptId('abc', 1), attemptId('abc', 3)]).toEqual(['abc', 'abc-3']);
    expect([firstAttempt('abc'), firstAttempt('abc-3')]).toEqual(['abc', 'abc']);
  });

  it('have names on one short line, without what a terminal would obey', () => {
    expect(jobName(['make', 'test'])).toBe('make test');
    expect(jobName(['sh', '-c', 'echo "a"\n\u001b[31mred\u202e'])).toBe(`sh -c 'echo "a" [31mred '`);
    expect(jobName(['x'.repeat(99)])).toBe(`${'x'.repeat(59)}…`);
  });
});

describe('the queue', () => {
  const row = (id: string, pool: string | null): JobRow =>
    ({
      job: { id, forge: 'local', labels: [], arch: null, createdAt: 1 },
      submission: { pool },
    }) as unknown as JobRow;

  it('shows the oldest of each kind, and counts them all', () => {
    const queue = newQueue();
    for (let n = 0; n < 5000; n += 1) queue.add(row(`a${n}`, 'a'));
    queue.add(row('b', 'b'));
    const { jobs, total } = queue.demand();
    expect([total, jobs.length, jobs[0]?.id, jobs.at(-1)?.id]).toEqual([5001, 101, 'a0', 'b']);
    queue.remove('a0');
    expect(queue.demand()).toMatchObject({ total: 5000, jobs: expect.arrayContaining([{ ...jobs[1] }]) });
    expect(queue.demand()).toBe(queue.demand());
  });

  it('shows kinds side by side in the order of their jobs, and a job added twice once', () => {
    const queue = newQueue();
    for (const [id, pool] of ['aa', 'bb', 'ca', 'db'].map((name) => [name, name.slice(1)] as const))
      queue.add(row(id, pool));
    queue.add(row('aa', 'a'));
    expect(queue.demand()).toMatchObject({
      jobs: [{ id: 'aa' }, { id: 'bb' }, { id: 'ca' }, { id: 'db' }],
      total: 4,
    });
    for (let n = 0; n < 1500; n += 1) queue.add(row(`k${n}`, `k${n}`));
    expect(queue.demand().jobs.length).toBe(1000);
    for (let n = 0; n < 1500; n += 1) queue.remove(`k${n}`);
    queue.remove('aa');
    queue.remove('aa');
    expect(queue.demand()).toMatchObject({ jobs: [{ id: 'bb' }, { id: 'ca' }, { id: 'db' }], total: 3 });
  });

  it('costs the same per claim when 100000 jobs wait as when few do', () => {
    const queue = newQueue();
    for (let n = 0; n < 100_000; n += 1) queue.add(row(`j${n}`, null));
    const begun = performance.now();
    for (let n = 0; n < 20_000; n += 1) {
      queue.demand();
      queue.remove(`j${n}`);
    }
    // Walking all of them for each would take longer by far.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('the environment', () => {
  it('takes names on Windows in any case', () => {
    const env = { Path: 'p', SystemRoot: 's', GIT_DIR: 'g', npm_config_x: 'n' };
    expect(allowed(env, 'win32')).toEqual({ Path: 'p', SystemRoot: 's' });
    expect(allowed({ ...env, PATH: 'q', LC_ALL: 'C' }, 'linux')).toEqual({ PATH: 'q', LC_ALL: 'C' });
  });

  it('masks a value as it is and by its lines', () => {
    expect(masksOf('a')).toEqual(['a']);
    expect(masksOf('')).toEqual([]);
    expect(masksOf('  padded\r\nxy\r\n')).toEqual(['  padded\r\nxy\r\n', 'padded']);
  });
});

it('writes settings so that git reads back what was meant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'section-'));
  try {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[ -~]{1,20}$/), (value, sub) => {
        fc.pre(!/[\0\r\b]/.test(value) && !/[\uD800-\uDFFF]/u.test(value));
        writeFileSync(join(folder, 'config'), section(`submodule.${sub}.url`, `<${value}>`));
        const read = git(folder, 'config', '--null', '--file', 'config', '--get', `submodule.${sub}.url`);
        expect(read).toBe(`<${value}>\0`);
      }),
      { numRuns: 30 },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('folders', () => {
  const inFolder = async (fn: (folder: string) => Promise<void>) => {
    const folder = mkdtempSync(join(tmpdir(), 'files-'));
    try {
      await fn(folder);
    } finally {
      await removeTree(folder);
    }
  };

  it('are removed though they may not be written', () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'a', 'b'), { recursive: true });
      writeFileSync(join(folder, 'a', 'b', 'c'), '');
      for (const path of ['a/b', 'a']) chmodSync(join(folder, path), 0o500);
      await removeTree(join(folder, 'a'));
      await removeTree(join(folder, 'a'));
      expect(readdirSync(folder)).toEqual([]);
    }));

  it('are copied up to a limit', () =>
    inFolder(async (folder) => {
      for (const name of ['a', 'b', 'c']) {
        mkdirSync(join(folder, 'from', name), { recursive: true });
        writeFileSync(join(folder, 'from', name, 'f'), 'x'.repeat(100));
      }
      const over = () => new Error('too much');
      const [from, to] = [join(folder, 'from'), join(folder, 'to')];
      expect(await copyTree(from, to, { ...noRules, limit: 300, over })).toBe(300);
      await expect(copyTree(from, to, { ...noRules, limit: 299, over })).rejects.toThrow('too much');
      expect(await copyTree(from, to, { ...noRules, except: join(from, 'a') })).toBe(200);
    }));
});
