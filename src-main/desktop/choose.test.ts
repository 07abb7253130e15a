import { expect, it } from 'vitest';
import { choose } from './choose.ts';

async function chosen(id: string): Promise<unknown[]> {
  const done: unknown[] = [];
  await choose(id, {
    execute(name, args) {
      done.push([name, args]);
      return Promise.resolve({ ok: true, value: null });
    },
    open: (to) => done.push(['open', to]),
    start: () => done.push('start'),
    quit: () => done.push('quit'),
    answered: ({ ok }) => done.push(ok),
    now: () => 0,
    offsetAt: () => 0,
  });
  return done;
}

it.each([
  [
    'pause:1h',
    [['pause', { pool: null, reason: null, end: { kind: 'duration', milliseconds: 3_600_000 } }], true],
  ],
  ['pause:restart:web', [['pause', { pool: 'web', reason: null, end: { kind: 'restart' } }], true]],
  ['resume', [['resume', { pool: null }], true]],
  ['resume:web', [['resume', { pool: 'web' }], true]],
  ['log:abc', [['open', 'job:abc']]],
  ['open', [['open', null]]],
  ['open:jobs', [['open', 'jobs']]],
  ['start', ['start']],
  ['quit', ['quit']],
  ['status', []],
  ['pause', []],
])('%s', async (id, done) => {
  expect(await chosen(id)).toEqual(done);
});
