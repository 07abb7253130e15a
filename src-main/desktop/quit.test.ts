import { expect, it } from 'vitest';
import type { StopHow } from '../contract/commands.ts';
import { Quit, type QuitWish } from './quit.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The way out of a process with these jobs; `done` is what came of it, in order. */
function wayOut(
  jobs: readonly string[],
  answer: StopHow | null,
  here = true,
): { quit: Quit; done: unknown[] } {
  const done: unknown[] = [];
  const supervision: QuitWish['supervision'] = {
    here,
    jobsHere: () => Promise.resolve(here ? jobs : []),
    stop: (how) => {
      done.push(how);
      return Promise.resolve(jobs);
    },
  };
  const quit = new Quit({
    supervision,
    log,
    exit: () => done.push('exit'),
    ask: (names) => {
      done.push(names);
      return Promise.resolve(answer);
    },
  });
  return { quit, done };
}

it('asks about the jobs that run now, by name, and does as it is told', async () => {
  const { quit, done } = wayOut(['make test'], 'now');
  expect(await quit.request('ask')).toBe(true);
  expect(done).toEqual([['make test'], 'now']);
  expect(quit.stopping).toBe(true);
});

it('goes on when the owner thinks better of it', async () => {
  const { quit, done } = wayOut(['make test'], null);
  expect(await quit.request('ask')).toBe(false);
  expect(done).toEqual([['make test']]);
  expect(quit.stopping).toBe(false);
});

it('asks nothing without jobs, and leaves a supervisor elsewhere alone', async () => {
  const idle = wayOut([], null);
  await idle.quit.request('ask');
  expect(idle.done).toEqual(['drain']);
  const elsewhere = wayOut(['make test'], null, false);
  await elsewhere.quit.request('ask');
  expect(elsewhere.done).toEqual(['exit']);
});

it('takes signals close together for one, and a later one for impatience', async () => {
  const { quit, done } = wayOut(['make test'], null);
  quit.signal(0);
  quit.signal(499);
  await Promise.resolve();
  expect(done).toEqual(['drain']);
  quit.signal(1000);
  await Promise.resolve();
  expect(done).toEqual(['drain', 'now']);
});
